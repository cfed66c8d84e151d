import type { Cell } from '@articdbm/contract'
import { lineOf } from './cell.ts'
import { GridPart } from './GridPart.tsx'
import { GUTTER_WIDTH, HEADER_HEIGHT, indexesOf, ROW_HEIGHT, type Span } from './grid-layout.ts'
import { cellId, type Place } from './place.ts'
import type { Result } from './run.ts'

interface GridRowProps {
  readonly result: Result
  readonly cells: readonly Cell[]
  readonly row: number
  readonly edges: readonly number[]
  readonly shown: Span
  readonly activeColumn: number | undefined
  readonly onActive: (place: Place) => void
  readonly onOpen: () => void
}

export function GridRow(props: GridRowProps) {
  const { result, cells, row, edges, shown } = props
  return (
    <GridPart
      className="grid-row"
      role="row"
      aria-rowindex={row + 2}
      style={{ top: HEADER_HEIGHT + row * ROW_HEIGHT }}
    >
      <span className="grid-gutter" aria-hidden="true">
        {row + 1}
      </span>
      {indexesOf(shown).map((column) => {
        const left = edges[column] ?? 0
        return (
          <GridCell
            key={column}
            {...props}
            cell={cells[column] ?? null}
            column={column}
            isNumber={result.columns[column]?.kind === 'number'}
            left={left}
            width={(edges[column + 1] ?? 0) - left}
          />
        )
      })}
    </GridPart>
  )
}

interface GridCellProps extends GridRowProps {
  readonly cell: Cell
  readonly column: number
  readonly isNumber: boolean
  readonly left: number
  readonly width: number
}

function GridCell({ cell, row, column, isNumber, left, width, ...rest }: GridCellProps) {
  const { result, activeColumn, onActive, onOpen } = rest
  const place: Place = { row, column }
  const isActive = activeColumn === column
  const classes = ['grid-cell']
  if (isNumber) classes.push('is-number')
  if (cell === null) classes.push('is-null')
  if (isActive) classes.push('is-active')
  return (
    <GridPart
      id={cellId(result.index, place)}
      className={classes.join(' ')}
      role="gridcell"
      aria-colindex={column + 1}
      aria-selected={isActive}
      style={{ left: GUTTER_WIDTH + left, width }}
      onClick={() => onActive(place)}
      onDoubleClick={onOpen}
    >
      {lineOf(cell)}
    </GridPart>
  )
}
