import type { GatewayView, SystemStatus } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { Panel } from '../../components/Panel.tsx'
import { StateChip } from '../../components/StateChip.tsx'
import { describeBytes, plural } from '../../services/figures.ts'
import { MONO } from '../../theme/theme.ts'

/** Where clients connect, and the gateways that stand there. */
export function DoorsPanel({ status }: { readonly status: SystemStatus }) {
  const { doors, gateways } = status
  return (
    <Panel title="Doors and gateways">
      <Box
        component="dl"
        sx={{ display: 'grid', gridTemplateColumns: 'auto 1fr', columnGap: 3, rowGap: 0.75, m: 0 }}
      >
        <Door label="PostgreSQL" address={doors.postgres} />
        <Door label="MySQL" address={doors.mysql} />
      </Box>
      <Stack sx={{ gap: 1.25, mt: 2 }}>
        {gateways.map((gateway) => (
          <GatewayLine key={gateway.gateway} gateway={gateway} revision={status.revision} />
        ))}
      </Stack>
    </Panel>
  )
}

function Door({ label, address }: { readonly label: string; readonly address: string | null }) {
  return (
    <>
      <Typography component="dt" variant="body2" sx={{ color: 'text.secondary' }}>
        {label}
      </Typography>
      <Typography component="dd" sx={{ m: 0, fontFamily: MONO, fontSize: 13 }}>
        {address ?? 'closed'}
      </Typography>
    </>
  )
}

interface GatewayLineProps {
  readonly gateway: GatewayView
  readonly revision: number
}

function GatewayLine({ gateway, revision }: GatewayLineProps) {
  const behind = revision - gateway.revision
  return (
    <Box
      sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: 1.5, rowGap: 0.5 }}
    >
      <Typography sx={{ fontSize: 14, fontWeight: 560 }}>{gateway.gateway}</Typography>
      <GatewayState gateway={gateway} />
      <Typography variant="caption" sx={{ color: 'text.secondary' }}>
        {plural(gateway.statements, 'statement')} · {gateway.blocked} denied ·{' '}
        {behind > 0 ? `${plural(behind, 'revision')} behind` : 'configuration up to date'}
        {gateway.auditBacklog > 0
          ? ` · ${describeBytes(gateway.auditBacklog)} of audit on its way`
          : ''}
      </Typography>
    </Box>
  )
}

function GatewayState({ gateway }: { readonly gateway: GatewayView }) {
  if (!gateway.isFresh) return <StateChip tone="error">Silent</StateChip>
  if (gateway.isDraining) return <StateChip tone="warning">Draining</StateChip>
  return <StateChip tone="success">Running</StateChip>
}
