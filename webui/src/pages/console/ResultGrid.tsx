import type { Cell } from '@articdbm/contract'
import Box from '@mui/material/Box'
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from 'react'
import { copyText } from '../../components/CopyButton.tsx'
import { textOf } from './cell.ts'
import { GridHeader } from './GridHeader.tsx'
import { GridRow } from './GridRow.tsx'
import {
  columnsInSight,
  edgesOf,
  GUTTER_WIDTH,
  HEADER_HEIGHT,
  indexesOf,
  ROW_HEIGHT,
  rowsInSight,
  type Sight,
  widthsOf,
} from './grid-layout.ts'
import { GRID_STYLE } from './grid-style.ts'
import { cellId, type Place } from './place.ts'
import type { Result } from './run.ts'

interface ResultGridProps {
  readonly result: Result
  readonly active: Place | undefined
  readonly onActive: (place: Place) => void
  readonly onOpen: () => void
  readonly onMore: () => void
}

const ROWS_AHEAD = 150
const START: Sight = { top: 0, left: 0, width: 1600, height: 800 }

/** Draws only what is in sight, so that a hundred thousand rows scroll like ten. */
export function ResultGrid(props: ResultGridProps) {
  const { result, active, onOpen } = props
  const { columns, rows } = result
  const host = useRef<HTMLDivElement>(null)
  const sight = useSight(host)
  const [resized, setResized] = useState<Readonly<Record<number, number>>>({})
  // Measured by the first page: later ones must not move the columns under the reader.
  const firstPage = useFirstPage(rows)
  const natural = useMemo(() => widthsOf(columns, firstPage), [columns, firstPage])
  const widths = useMemo(
    () => natural.map((width, index) => resized[index] ?? width),
    [natural, resized],
  )
  const edges = useMemo(() => edgesOf(widths), [widths])
  const shownRows = rowsInSight(sight, rows.length)
  const shownColumns = columnsInSight(sight, edges)
  useMore(props, shownRows.end)
  useActiveInSight(host, active, edges)
  const width = GUTTER_WIDTH + (edges.at(-1) ?? 0)

  return (
    <Box
      ref={host}
      role="grid"
      tabIndex={0}
      aria-label={`Result ${result.index + 1}`}
      aria-rowcount={result.hasMore ? -1 : rows.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={active ? cellId(result.index, active) : undefined}
      onKeyDown={(event) => pressKey(event, props)}
      sx={GRID_STYLE}
    >
      <div
        style={{ width, height: HEADER_HEIGHT + rows.length * ROW_HEIGHT, position: 'relative' }}
      >
        <GridHeader
          columns={columns}
          edges={edges}
          shown={shownColumns}
          onResize={(column, wide) => setResized((kept) => ({ ...kept, [column]: wide }))}
        />
        {indexesOf(shownRows).map((row) => (
          <GridRow
            key={row}
            result={result}
            cells={rows[row] ?? []}
            row={row}
            edges={edges}
            shown={shownColumns}
            activeColumn={active?.row === row ? active.column : undefined}
            onActive={props.onActive}
            onOpen={onOpen}
          />
        ))}
      </div>
    </Box>
  )
}

type Rows = Result['rows']

function useFirstPage(rows: Rows): Rows {
  const [page, setPage] = useState(rows)
  if (page.length === 0 && rows.length > 0) setPage(rows)
  return page
}

function useSight(host: RefObject<HTMLDivElement | null>): Sight {
  const [sight, setSight] = useState(START)
  useEffect(() => {
    const element = host.current
    if (!element) return
    const look = () =>
      setSight({
        top: element.scrollTop,
        left: Math.max(element.scrollLeft - GUTTER_WIDTH, 0),
        width: element.clientWidth,
        height: element.clientHeight,
      })
    const sizes = new ResizeObserver(look)
    sizes.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      sizes.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [host])
  return sight
}

/** The next page is asked for before its place is scrolled to. */
function useMore({ result, onMore }: ResultGridProps, lastShown: number): void {
  const { rows, hasMore, isAsking } = result
  const isNear = hasMore && !isAsking && lastShown > rows.length - ROWS_AHEAD
  const ask = useEffectEvent(onMore)
  useEffect(() => {
    if (isNear) ask()
  }, [isNear])
}

function useActiveInSight(
  host: RefObject<HTMLDivElement | null>,
  active: Place | undefined,
  edges: readonly number[],
): void {
  const show = useEffectEvent(({ row, column }: Place) => {
    const element = host.current
    if (!element) return
    const top = row * ROW_HEIGHT
    const bottom = top + ROW_HEIGHT + HEADER_HEIGHT - element.clientHeight
    const left = edges[column] ?? 0
    const right = (edges[column + 1] ?? 0) + GUTTER_WIDTH - element.clientWidth
    if (top < element.scrollTop) element.scrollTop = top
    else if (bottom > element.scrollTop) element.scrollTop = bottom
    if (left < element.scrollLeft) element.scrollLeft = left
    else if (right > element.scrollLeft) element.scrollLeft = Math.min(right, left)
  })
  useEffect(() => {
    if (active) show(active)
  }, [active])
}

const STEPS: Readonly<Record<string, Place>> = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
  PageUp: { row: -20, column: 0 },
  PageDown: { row: 20, column: 0 },
  Home: { row: 0, column: -100_000 },
  End: { row: 0, column: 100_000 },
}

function pressKey(
  event: KeyboardEvent,
  { result, active, onActive, onOpen }: ResultGridProps,
): void {
  const cell = active && result.rows[active.row]?.[active.column]
  if (active && event.key === 'Enter') onOpen()
  else if (cell !== undefined && event.key === 'c' && (event.ctrlKey || event.metaKey))
    void copyText(textOf(cell as Cell))
  else {
    const step = STEPS[event.key]
    if (!step || result.rows.length === 0) return
    onActive(stepFrom(active, step, result))
  }
  event.preventDefault()
}

function stepFrom(active: Place | undefined, step: Place, { rows, columns }: Result): Place {
  if (!active) return { row: 0, column: 0 }
  return {
    row: Math.min(Math.max(active.row + step.row, 0), rows.length - 1),
    column: Math.min(Math.max(active.column + step.column, 0), columns.length - 1),
  }
}
