import Typography from '@mui/material/Typography'
import { useEffect, useState } from 'react'
import { describeMs, plural } from '../../services/figures.ts'
import { isWaiting, type Result, type Run } from './run.ts'

const TICK_MS = 200

/** How the run stands, said politely to a screen reader when it ends. */
export function RunLine({ run, last }: { readonly run: Run; readonly last: Result | undefined }) {
  const isRunning = run.state !== 'finished'
  const now = useNow(isRunning)
  return (
    <Typography
      role="status"
      aria-live={isRunning ? 'off' : 'polite'}
      variant="caption"
      sx={{
        px: 2,
        color: 'text.secondary',
        whiteSpace: 'nowrap',
        fontVariantNumeric: 'tabular-nums',
      }}
    >
      {describe(run, last, now - run.startedAt)}
    </Typography>
  )
}

function describe(run: Run, last: Result | undefined, elapsedMs: number): string {
  const rows = last ? plural(last.rows.length, 'row') : ''
  if (run.state === 'cancelling') return 'Cancelling on the server'
  if (run.state === 'finished') {
    const time = run.durationMs === null ? '' : describeMs(run.durationMs)
    return [rows, time].filter(Boolean).join(' · ')
  }
  if (isWaiting(run)) return `First ${rows}; scroll for more`
  return `Running, ${(Math.max(elapsedMs, 0) / 1000).toFixed(1)} s`
}

function useNow(isTicking: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isTicking) return
    const timer = setInterval(() => setNow(Date.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [isTicking])
  return now
}
