import type { AuditEntry, AuditQuery, ChainVerification } from '@articdbm/contract'
import { infiniteQueryOptions, queryOptions, useMutation } from '@tanstack/react-query'
import { answer, answerWhole } from './answer.ts'
import { getAuditEntry, searchAudit, verifyAudit } from './api/index.ts'

const PAGE = 50
const EXECUTING_REFRESH_MS = 2000
/** What has no end after this long has lost it, with its gateway. */
const LONGEST_MS = 10 * 60_000

function isExecuting({ kind, verdict, outcome, at }: AuditEntry): boolean {
  if (kind !== 'statement' || verdict === 'block' || outcome !== null) return false
  return Date.now() - Date.parse(at) < LONGEST_MS
}

export interface AuditPage {
  readonly entries: readonly AuditEntry[]
  readonly nextCursor: string | null
}

async function fetchPage(query: AuditQuery): Promise<AuditPage> {
  const { data: entries, meta } = await answerWhole(searchAudit({ query }))
  return { entries, nextCursor: meta.nextCursor }
}

/** Newest first, page after page. */
export function auditPagesOptions(query: AuditQuery) {
  return infiniteQueryOptions({
    queryKey: ['audit', 'pages', query],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      fetchPage({ ...query, limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
    // How a statement ended is not told live: ask while one of the newest still executes.
    refetchInterval: ({ state }) =>
      state.data?.pages.length === 1 && state.data.pages[0]?.entries.some(isExecuting)
        ? EXECUTING_REFRESH_MS
        : false,
  })
}

/** The newest few, for the dashboard. */
export function auditNewestOptions(query: AuditQuery) {
  return queryOptions({
    queryKey: ['audit', 'newest', query],
    queryFn: async () => (await fetchPage(query)).entries,
  })
}

export function auditEntryOptions(id: string) {
  return queryOptions({
    queryKey: ['audit', 'entry', id],
    queryFn: (): Promise<AuditEntry> => answer(getAuditEntry({ path: { id } })),
  })
}

export function useVerifyChain() {
  return useMutation({ mutationFn: (): Promise<ChainVerification> => answer(verifyAudit()) })
}
