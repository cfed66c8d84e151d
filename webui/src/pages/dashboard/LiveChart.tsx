import Box from '@mui/material/Box'
import { useEffect, useEffectEvent, useMemo, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { SANS } from '../../theme/theme.ts'
import { type Colors, useColors } from './use-colors.ts'

export interface Line {
  readonly label: string
  readonly color: 'primary' | 'secondary' | 'error' | 'warning'
  readonly values: readonly number[]
  readonly isFilled?: boolean
}

interface LiveChartProps {
  readonly label: string
  /** Seconds since 1970, rising. */
  readonly times: readonly number[]
  readonly lines: readonly Line[]
  readonly describe: (value: number) => string
}

const HEIGHT = 168
const LONGEST_SECONDS = 300
const SHORTEST_SECONDS = 60

/** The last five minutes. The figures above it say the same in words, so this is only a picture. */
export function LiveChart(props: LiveChartProps) {
  const colors = useColors()
  return <Plot key={colors.text} colors={colors} {...props} />
}

function Plot(props: LiveChartProps & { readonly colors: Colors }) {
  const { label, times, lines } = props
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(null)
  const points = useMemo<uPlot.AlignedData>(
    () => [[...times], ...lines.map(({ values }) => [...values])],
    [times, lines],
  )
  const draw = useEffectEvent((element: HTMLElement) => {
    plot.current = new uPlot(optionsOf(props, element.clientWidth), points, element)
    return plot.current
  })

  useEffect(() => {
    if (!host.current) return
    const drawn = draw(host.current)
    const sizes = new ResizeObserver(([entry]) => {
      if (entry) drawn.setSize({ width: entry.contentRect.width, height: HEIGHT })
    })
    sizes.observe(host.current)
    return () => {
      sizes.disconnect()
      drawn.destroy()
      plot.current = null
    }
  }, [])

  useEffect(() => plot.current?.setData(points), [points])
  return (
    <Box ref={host} role="img" aria-label={label} sx={{ height: HEIGHT, overflow: 'hidden' }} />
  )
}

type Drawing = Pick<LiveChartProps, 'lines' | 'describe'> & { readonly colors: Colors }

function optionsOf({ lines, colors, describe }: Drawing, width: number): uPlot.Options {
  const axis = { stroke: colors.text, font: `11px ${SANS}`, ticks: { show: false } }
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 20, 0, 0],
    scales: {
      x: { range: (_, min, max) => windowOf(min, max) },
      y: { range: (_, __, max) => [0, Math.max(max * 1.15, 1)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 70,
        values: (_, ticks) => ticks.map(clockOf),
      },
      {
        ...axis,
        grid: { stroke: colors.grid, width: 1 },
        size: 58,
        space: 38,
        values: (_, ticks) => ticks.map(describe),
      },
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, colors))],
  }
}

function seriesOf({ label, color, isFilled = false }: Line, colors: Colors): uPlot.Series {
  return {
    label,
    stroke: colors[color],
    width: 1.75,
    points: { show: false },
    ...(isFilled ? { fill: `${colors[color]}26` } : {}),
  }
}

/** What is known so far, at least a minute and at most five. */
function windowOf(first: number | null, last: number | null): [number, number] {
  const end = last ?? Date.now() / 1000
  const known = end - (first ?? end)
  return [end - Math.min(Math.max(known, SHORTEST_SECONDS), LONGEST_SECONDS), end]
}

function clockOf(seconds: number): string {
  const time = new Date(seconds * 1000).toTimeString()
  return seconds % 60 === 0 ? time.slice(0, 5) : time.slice(0, 8)
}
