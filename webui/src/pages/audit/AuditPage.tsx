import Box from '@mui/material/Box'
import Card from '@mui/material/Card'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { ListSkeleton } from '../../components/ListTable.tsx'
import { Page } from '../../components/Page.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { auditPagesOptions } from '../../services/audit.ts'
import { useMay } from '../../services/session.ts'
import { AuditFilters } from './AuditFilters.tsx'
import { AuditTable } from './AuditTable.tsx'
import { EntryDrawer } from './EntryDrawer.tsx'
import { NewEventsPill } from './NewEventsPill.tsx'
import { NothingFound } from './NothingFound.tsx'
import { type AuditSearch, auditQueryOf } from './search.ts'
import { useNewEvents } from './use-new-events.ts'
import { VerifyChain } from './VerifyChain.tsx'

const route = getRouteApi('/app/audit')

export function AuditPage() {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const isEveryone = useMay('audit:read-all')
  const mayVerify = useMay('audit:verify')
  const change = (changed: AuditSearch) => void navigate({ search: changed, replace: true })
  const open = (event: string | undefined) => change({ ...search, event })
  return (
    <Page
      title="Audit"
      description={
        isEveryone
          ? 'Every statement on every door, every log-in, every administrative action. Chained by hash.'
          : 'What you did, on every door.'
      }
      actions={mayVerify && <VerifyChain onOpen={open} />}
    >
      <AuditFilters search={search} onChange={change} />
      <Results search={search} onOpen={open} onClear={() => change({})} />
      {search.event && <EntryDrawer id={search.event} onClose={() => open(undefined)} />}
    </Page>
  )
}

interface ResultsProps {
  readonly search: AuditSearch
  readonly onOpen: (id: string) => void
  readonly onClear: () => void
}

function Results({ search, onOpen, onClear }: ResultsProps) {
  const query = auditQueryOf(search)
  const options = auditPagesOptions(query)
  const pages = useInfiniteQuery(options)
  const cache = useQueryClient()
  const isFiltered = Object.keys(query).length > 0

  async function showNewest(): Promise<void> {
    // Only the first page is fetched again; further ones follow when they are scrolled to.
    cache.setQueryData(
      options.queryKey,
      (kept) => kept && { pages: kept.pages.slice(0, 1), pageParams: kept.pageParams.slice(0, 1) },
    )
    await pages.refetch()
  }

  const fresh = useNewEvents(showNewest)
  if (pages.isPending) return <ListSkeleton label="Loading the audit" />
  if (pages.error) return <ServerError error={pages.error} onRetry={() => void pages.refetch()} />
  const entries = pages.data.pages.flatMap((page) => page.entries)
  return (
    <Box sx={{ position: 'relative' }}>
      <NewEventsPill count={fresh.count} isFiltered={isFiltered} onShow={fresh.show} />
      <Card>
        {entries.length === 0 ? (
          <NothingFound isFiltered={isFiltered} onClear={onClear} />
        ) : (
          <AuditTable
            entries={entries}
            opened={search.event}
            hasMore={pages.hasNextPage}
            isLoadingMore={pages.isFetchingNextPage}
            onMore={() => void pages.fetchNextPage()}
            onOpen={onOpen}
          />
        )}
      </Card>
    </Box>
  )
}
