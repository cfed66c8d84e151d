import type { DatabaseHealth } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Tooltip from '@mui/material/Tooltip'
import Typography from '@mui/material/Typography'

/** Leased and idle connections against the most there may be. */
export function PoolBar({ health }: { readonly health: DatabaseHealth }) {
  const { leased, idle, open, waiting, maxConnections } = health
  const share = (count: number) => `${(100 * count) / Math.max(maxConnections, 1)}%`
  const words = `${leased} in use, ${idle} idle, ${open} open of at most ${maxConnections}`
  return (
    <Tooltip title={words}>
      <Box sx={{ minWidth: 120 }}>
        <Box
          role="img"
          aria-label={words}
          sx={{
            display: 'flex',
            height: 6,
            borderRadius: 3,
            overflow: 'hidden',
            bgcolor: 'divider',
          }}
        >
          <Box sx={{ width: share(leased), bgcolor: 'primary.main' }} />
          <Box sx={{ width: share(idle), bgcolor: 'primary.main', opacity: 0.38 }} />
        </Box>
        <Typography
          variant="caption"
          sx={{ color: waiting > 0 ? 'warning.main' : 'text.secondary' }}
        >
          {leased} in use · {idle} idle{waiting > 0 ? ` · ${waiting} waiting` : ''}
        </Typography>
      </Box>
    </Tooltip>
  )
}
