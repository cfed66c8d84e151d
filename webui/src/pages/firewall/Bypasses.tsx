import type { Bypass } from '@articdbm/contract'
import BypassIcon from '@mui/icons-material/MoreTimeOutlined'
import Card from '@mui/material/Card'
import Stack from '@mui/material/Stack'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ListSkeleton, ListTable } from '../../components/ListTable.tsx'
import { DatabaseFilter } from '../../components/NameFilter.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { type BypassFilter, bypassesOptions } from '../../services/firewall.ts'
import { BypassRow } from './BypassRow.tsx'
import { EndBypassDialog } from './EndBypassDialog.tsx'

type State = BypassFilter['state']

export function Bypasses() {
  const [filter, setFilter] = useState<BypassFilter>({ state: 'open' })
  return (
    <>
      <Stack
        direction={{ xs: 'column', sm: 'row' }}
        sx={{ gap: 1.5, mb: 2, alignItems: { sm: 'center' } }}
      >
        <ToggleButtonGroup
          exclusive
          size="small"
          value={filter.state}
          aria-label="Which bypasses"
          onChange={(_, state: State | null) => state && setFilter({ ...filter, state })}
        >
          <ToggleButton value="open">Open</ToggleButton>
          <ToggleButton value="ended">Ended</ToggleButton>
        </ToggleButtonGroup>
        <DatabaseFilter
          value={filter.database}
          onChange={(database) => setFilter({ ...filter, database })}
        />
      </Stack>
      <BypassList filter={filter} />
    </>
  )
}

function BypassList({ filter }: { readonly filter: BypassFilter }) {
  const bypasses = useQuery(bypassesOptions(filter))
  const [ended, setEnded] = useState<Bypass>()
  if (bypasses.isPending) return <ListSkeleton label="Loading bypasses" />
  if (bypasses.error)
    return <ServerError error={bypasses.error} onRetry={() => void bypasses.refetch()} />
  if (bypasses.data.length === 0) return <NoBypasses filter={filter} />
  return (
    <Card>
      <ListTable
        label="Bypasses"
        columns={['Rule', 'Database', 'Statement', 'For', 'Why', 'Until', 'Made']}
      >
        {bypasses.data.map((bypass) => (
          <BypassRow key={bypass.id} bypass={bypass} onEnd={() => setEnded(bypass)} />
        ))}
      </ListTable>
      {ended && <EndBypassDialog bypass={ended} onClose={() => setEnded(undefined)} />}
    </Card>
  )
}

function NoBypasses({ filter: { state, database } }: { readonly filter: BypassFilter }) {
  const where = database === undefined ? '' : ` on ${database}`
  return (
    <Card>
      <EmptyState
        icon={<BypassIcon />}
        title={state === 'open' ? `No bypass is open${where}` : `No bypass has ended${where} yet`}
      >
        A bypass lets one statement, or one person, through one rule, for a reason and until a time.
        Make one from a denied statement in the audit, or here.
      </EmptyState>
    </Card>
  )
}
