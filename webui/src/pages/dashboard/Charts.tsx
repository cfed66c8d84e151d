import Box from '@mui/material/Box'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useMemo } from 'react'
import { Panel } from '../../components/Panel.tsx'
import { describeMs, describeRate } from '../../services/figures.ts'
import type { Traffic } from '../../services/LiveProvider.tsx'
import { type Line, LiveChart } from './LiveChart.tsx'

/** Traffic and latency, side by side where there is room. */
export function Charts({ traffic }: { readonly traffic: readonly Traffic[] }) {
  const times = useMemo(() => traffic.map(({ at }) => Date.parse(at) / 1000), [traffic])
  const flow = useMemo<readonly Line[]>(
    () => [
      {
        label: 'Statements',
        color: 'primary',
        isFilled: true,
        values: traffic.map(({ statementsPerSecond }) => statementsPerSecond),
      },
      {
        label: 'Denied',
        color: 'error',
        values: traffic.map(({ blockedPerSecond }) => blockedPerSecond),
      },
    ],
    [traffic],
  )
  const latency = useMemo<readonly Line[]>(
    () => [
      { label: '99th percentile', color: 'warning', values: traffic.map(({ p99Ms }) => p99Ms) },
      {
        label: 'Median',
        color: 'secondary',
        isFilled: true,
        values: traffic.map(({ p50Ms }) => p50Ms),
      },
    ],
    [traffic],
  )
  return (
    <Box sx={{ display: 'grid', gap: 2, mb: 2, gridTemplateColumns: { xs: '1fr', lg: '1fr 1fr' } }}>
      <Panel title="Statements a second" aside={<Legend lines={flow} />}>
        <LiveChart
          label="Statements and denials a second, the last five minutes"
          times={times}
          lines={flow}
          describe={describeRate}
        />
      </Panel>
      <Panel title="Latency" aside={<Legend lines={latency} />}>
        <LiveChart
          label="Median and 99th percentile of latency, the last five minutes"
          times={times}
          lines={latency}
          describe={describeMs}
        />
      </Panel>
    </Box>
  )
}

function Legend({ lines }: { readonly lines: readonly Line[] }) {
  return (
    <Stack direction="row" sx={{ gap: 2 }}>
      {lines.map(({ label, color }) => (
        <Box key={label} sx={{ display: 'flex', alignItems: 'center', gap: 0.75 }}>
          <Box sx={{ width: 10, height: 3, borderRadius: 1, bgcolor: `${color}.main` }} />
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            {label}
          </Typography>
        </Box>
      ))}
    </Stack>
  )
}
