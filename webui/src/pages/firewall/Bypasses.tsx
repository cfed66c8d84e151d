import type { Bypass } from '@articdbm/contract'
import BypassIcon from '@mui/icons-material/MoreTimeOutlined'
import Card from '@mui/material/Card'
import ToggleButton from '@mui/material/ToggleButton'
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ListSkeleton, ListTable } from '../../components/ListTable.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { type BypassFilter, bypassesOptions } from '../../services/firewall.ts'
import { BypassRow } from './BypassRow.tsx'
import { EndBypassDialog } from './EndBypassDialog.tsx'

type State = BypassFilter['state']

export function Bypasses() {
  const [state, setState] = useState<State>('open')
  return (
    <>
      <ToggleButtonGroup
        exclusive
        size="small"
        value={state}
        aria-label="Which bypasses"
        onChange={(_, chosen: State | null) => chosen && setState(chosen)}
        sx={{ mb: 2 }}
      >
        <ToggleButton value="open">Open</ToggleButton>
        <ToggleButton value="ended">Ended</ToggleButton>
      </ToggleButtonGroup>
      <BypassList state={state} />
    </>
  )
}

function BypassList({ state }: BypassFilter) {
  const bypasses = useQuery(bypassesOptions({ state }))
  const [ended, setEnded] = useState<Bypass>()
  if (bypasses.isPending) return <ListSkeleton label="Loading bypasses" />
  if (bypasses.error)
    return <ServerError error={bypasses.error} onRetry={() => void bypasses.refetch()} />
  if (bypasses.data.length === 0) return <NoBypasses state={state} />
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

function NoBypasses({ state }: BypassFilter) {
  return (
    <Card>
      <EmptyState
        icon={<BypassIcon />}
        title={state === 'open' ? 'No bypass is open' : 'No bypass has ended yet'}
      >
        A bypass lets one statement, or one person, through one rule, for a reason and until a time.
        Make one from a denied statement in the audit, or here.
      </EmptyState>
    </Card>
  )
}
