import type { AuditEntry } from '@articdbm/contract'
import ShieldIcon from '@mui/icons-material/VerifiedUserOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import ListItemButton from '@mui/material/ListItemButton'
import Skeleton from '@mui/material/Skeleton'
import Typography from '@mui/material/Typography'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createLink } from '@tanstack/react-router'
import { EmptyState } from '../../components/EmptyState.tsx'
import { Panel } from '../../components/Panel.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { auditNewestOptions } from '../../services/audit.ts'
import { useLiveEvents } from '../../services/LiveProvider.tsx'
import { MONO } from '../../theme/theme.ts'
import { whatOf } from '../audit/what.ts'

const LinkRow = createLink(ListItemButton)
const LinkButton = createLink(Button)
const options = auditNewestOptions({ verdict: 'block', limit: 6 })

/** The newest refusals; a new one appears by itself. */
export function DenialsPanel() {
  const cache = useQueryClient()
  const denials = useQuery(options)
  useLiveEvents((event) => {
    if (event.type === 'audit.recorded' && event.worst === 'block')
      void cache.invalidateQueries({ queryKey: options.queryKey })
  })
  return (
    <Panel
      title="Recent denials"
      isFlush
      aside={
        <LinkButton to="/audit" search={{ verdict: 'block' }} size="small">
          All denials
        </LinkButton>
      }
    >
      <ServerError error={denials.error} onRetry={() => void denials.refetch()} sx={{ m: 2 }} />
      {denials.isPending && <Skeleton variant="rounded" height={160} sx={{ m: 2.5 }} />}
      {denials.data?.length === 0 && (
        <EmptyState icon={<ShieldIcon />} title="Nothing was denied">
          A statement that no grant covers, or that a rule blocks, appears here at once, with its
          rule and verdict id.
        </EmptyState>
      )}
      {denials.data && denials.data.length > 0 && (
        <List disablePadding sx={{ pb: 1 }}>
          {denials.data.map((entry) => (
            <DenialRow key={entry.id} entry={entry} />
          ))}
        </List>
      )}
    </Panel>
  )
}

function DenialRow({ entry }: { readonly entry: AuditEntry }) {
  return (
    <ListItem disablePadding>
      <LinkRow to="/audit" search={{ verdict: 'block', event: entry.id }} sx={{ px: 2.5, py: 1 }}>
        <Box sx={{ minWidth: 0, flex: 1 }}>
          <Box sx={{ display: 'flex', justifyContent: 'space-between', gap: 2 }}>
            <Typography noWrap sx={{ fontSize: 14, fontWeight: 540 }}>
              {entry.principal || 'nobody'}
              {entry.database && <Dim> on </Dim>}
              {entry.database}
            </Typography>
            <Typography variant="caption" sx={{ color: 'text.secondary', whiteSpace: 'nowrap' }}>
              <TimeText at={entry.at} />
            </Typography>
          </Box>
          <Typography noWrap sx={{ fontFamily: MONO, fontSize: 12, color: 'text.secondary' }}>
            {whatOf(entry).text}
          </Typography>
          <Typography variant="caption" sx={{ color: 'error.main' }}>
            {entry.rule || entry.message}
          </Typography>
        </Box>
      </LinkRow>
    </ListItem>
  )
}

function Dim({ children }: { readonly children: string }) {
  return (
    <Box component="span" sx={{ color: 'text.secondary', fontWeight: 400 }}>
      {children}
    </Box>
  )
}
