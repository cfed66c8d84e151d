import type { AuditEntry, AuditQuery, ChainVerification } from '@articdbm/contract'
import { infiniteQueryOptions, queryOptions, useMutation } from '@tanstack/react-query'
import { answer, answerWhole } from './answer.ts'
import { getAuditEntry, searchAudit, verifyAudit } from './api/index.ts'

const PAGE = 50

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
