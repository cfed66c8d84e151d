// Where each column of the grid stands, and which of rows and columns are in sight. Pure.
import type { Cell, Column } from '@articdbm/contract'
import { lineOf } from './cell.ts'

export const ROW_HEIGHT = 28
export const HEADER_HEIGHT = 44
export const GUTTER_WIDTH = 56

const CHARACTER_PX = 7.4
const PADDING_PX = 26
const MIN_WIDTH = 64
const MAX_WIDTH = 380
const SAMPLED_ROWS = 60
const ROWS_BEYOND = 12

/** As wide as the header and the first rows need, within limits. */
export function widthsOf(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): readonly number[] {
  const sample = rows.slice(0, SAMPLED_ROWS)
  return columns.map((column, index) => {
    const cells = sample.map((row) => lineOf(row[index] ?? null).length)
    const longest = Math.max(column.name.length, column.type.length, ...cells)
    return Math.min(Math.max(longest * CHARACTER_PX + PADDING_PX, MIN_WIDTH), MAX_WIDTH)
  })
}

/** The left edge of each column, and at the end the right edge of the last. */
export function edgesOf(widths: readonly number[]): readonly number[] {
  const edges = [0]
  for (const width of widths) edges.push((edges.at(-1) ?? 0) + width)
  return edges
}

export interface Sight {
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
}

export interface Span {
  readonly first: number
  /** Not included. */
  readonly end: number
}

export function indexesOf({ first, end }: Span): readonly number[] {
  return Array.from({ length: Math.max(end - first, 0) }, (_, step) => first + step)
}

export function rowsInSight({ top, height }: Sight, count: number): Span {
  const first = Math.max(Math.floor(top / ROW_HEIGHT) - ROWS_BEYOND, 0)
  const end = Math.min(Math.ceil((top + height) / ROW_HEIGHT) + ROWS_BEYOND, count)
  return { first: Math.min(first, end), end }
}

export function columnsInSight({ left, width }: Sight, edges: readonly number[]): Span {
  const count = edges.length - 1
  const first = edges.findIndex((_, index) => index < count && (edges[index + 1] ?? 0) >= left)
  if (first < 0) return { first: 0, end: count }
  const beyond = edges.findIndex((edge) => edge > left + width)
  return { first, end: beyond < 0 ? count : Math.min(beyond, count) }
}
