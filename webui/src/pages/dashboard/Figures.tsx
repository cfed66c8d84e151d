import Box from '@mui/material/Box'
import Card from '@mui/material/Card'
import Typography from '@mui/material/Typography'
import { describeCount, describeMs, describeRate } from '../../services/figures.ts'
import type { Traffic } from '../../services/LiveProvider.tsx'

interface Figure {
  readonly label: string
  readonly value: string
  readonly unit: string
  readonly isAlarming?: boolean
}

/** The present second in five numbers. */
export function Figures({ traffic }: { readonly traffic: readonly Traffic[] }) {
  const figures = figuresOf(traffic)
  return (
    <Box
      component="dl"
      sx={{
        display: 'grid',
        gap: 2,
        m: 0,
        mb: 2,
        gridTemplateColumns: { xs: 'repeat(2, 1fr)', sm: 'repeat(3, 1fr)', lg: 'repeat(5, 1fr)' },
      }}
    >
      {figures.map(({ label, value, unit, isAlarming = false }) => (
        <Card key={label} sx={{ px: 2.5, py: 2 }}>
          <Typography
            component="dt"
            variant="caption"
            sx={{ color: 'text.secondary', fontWeight: 540 }}
          >
            {label}
          </Typography>
          <Typography
            component="dd"
            sx={{
              m: 0,
              mt: 0.5,
              fontSize: 26,
              fontWeight: 640,
              letterSpacing: '-0.025em',
              lineHeight: 1.2,
              fontVariantNumeric: 'tabular-nums',
              color: isAlarming ? 'error.main' : 'text.primary',
            }}
          >
            {value}
            <Box
              component="span"
              sx={{ ml: 0.5, fontSize: 13, fontWeight: 500, color: 'text.secondary' }}
            >
              {unit}
            </Box>
          </Typography>
        </Card>
      ))}
    </Box>
  )
}

function figuresOf(traffic: readonly Traffic[]): readonly Figure[] {
  const now = traffic.at(-1)
  const denied = traffic.reduce((sum, point) => sum + point.blockedPerSecond, 0)
  return [
    {
      label: 'Statements',
      value: now ? describeRate(now.statementsPerSecond) : '–',
      unit: 'a second',
    },
    { label: 'Median latency', ...latency(now?.p50Ms) },
    { label: '99th percentile', ...latency(now?.p99Ms) },
    {
      label: 'Denied',
      value: now ? describeCount(Math.round(denied)) : '–',
      unit: 'in five minutes',
      isAlarming: denied >= 1,
    },
    { label: 'Open sessions', value: now ? describeCount(now.sessions) : '–', unit: '' },
  ]
}

function latency(ms: number | undefined): { readonly value: string; readonly unit: string } {
  if (ms === undefined || ms === 0) return { value: '–', unit: '' }
  const [value = '', unit = ''] = describeMs(ms).split(' ')
  return { value, unit }
}
