import type { Column } from '@articdbm/contract'
import type { PointerEvent } from 'react'
import { GridPart } from './GridPart.tsx'
import { GUTTER_WIDTH, indexesOf, type Span } from './grid-layout.ts'

interface GridHeaderProps {
  readonly columns: readonly Column[]
  readonly edges: readonly number[]
  readonly shown: Span
  readonly onResize: (column: number, width: number) => void
}

const MIN_WIDTH = 48

export function GridHeader({ columns, edges, shown, onResize }: GridHeaderProps) {
  return (
    <GridPart className="grid-header" role="row" aria-rowindex={1}>
      <span className="grid-gutter" aria-hidden="true" style={{ zIndex: 3 }} />
      {indexesOf(shown).map((index) => {
        const column = columns[index]
        if (!column) return null
        const left = edges[index] ?? 0
        const width = (edges[index + 1] ?? 0) - left
        return (
          <Head
            key={index}
            column={column}
            index={index}
            left={left}
            width={width}
            onResize={(wide) => onResize(index, wide)}
          />
        )
      })}
    </GridPart>
  )
}

interface HeadProps {
  readonly column: Column
  readonly index: number
  readonly left: number
  readonly width: number
  readonly onResize: (width: number) => void
}

function Head({ column, index, left, width, onResize }: HeadProps) {
  function grip(event: PointerEvent<HTMLSpanElement>): void {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const edge = event.currentTarget.parentElement?.getBoundingClientRect().left ?? event.clientX
    onResize(Math.max(event.clientX - edge, MIN_WIDTH))
  }
  return (
    <GridPart
      className="grid-head"
      role="columnheader"
      aria-colindex={index + 1}
      title={`${column.name}: ${column.type}`}
      style={{ left: GUTTER_WIDTH + left, width }}
    >
      <b>{column.name}</b>
      <span>{column.type}</span>
      <span
        className="grid-grip"
        aria-hidden="true"
        onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
        onPointerMove={grip}
      />
    </GridPart>
  )
}
