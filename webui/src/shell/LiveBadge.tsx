import Box from '@mui/material/Box'
import Tooltip from '@mui/material/Tooltip'
import Typography from '@mui/material/Typography'
import { useLiveState } from '../services/LiveProvider.tsx'
import type { LiveState } from '../services/live.ts'

const STATES: Record<
  LiveState,
  { readonly label: string; readonly color: string; readonly hint: string }
> = {
  open: { label: 'Live', color: 'success.main', hint: 'Figures and events arrive as they happen' },
  connecting: { label: 'Connecting', color: 'warning.main', hint: 'Opening the live connection' },
  lost: {
    label: 'Not live',
    color: 'error.main',
    hint: 'The live connection is lost; it is tried again by itself',
  },
}

/** Whether what is shown keeps itself up to date. */
export function LiveBadge() {
  const { label, color, hint } = STATES[useLiveState()]
  return (
    <Tooltip title={hint}>
      <Box
        role="status"
        sx={{ display: 'flex', alignItems: 'center', gap: 0.75, px: 1, color: 'text.secondary' }}
      >
        <Box sx={{ width: 8, height: 8, borderRadius: '50%', bgcolor: color }} />
        <Typography variant="caption">{label}</Typography>
      </Box>
    </Tooltip>
  )
}
