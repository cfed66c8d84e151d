// What a cell looks like in a line, in full, and in a file.
import type { Cell, Column } from '@articdbm/contract'

export const MAX_LINE = 300
const MAX_HEX_BYTES = 48

/** For the grid: one line, not too long. NULL is drawn apart, so that '' and 'NULL' stay what they are. */
export function lineOf(cell: Cell): string {
  if (cell === null) return 'NULL'
  if (typeof cell === 'object') return hexOf(cell.base64, MAX_HEX_BYTES)
  const text = String(cell)
  return (text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}…` : text).replaceAll(
    /[\r\n\t]+/g,
    ' ',
  )
}

/** For the clipboard and the viewer: all of it. */
export function textOf(cell: Cell): string {
  if (cell === null) return 'NULL'
  return typeof cell === 'object' ? hexOf(cell.base64, Number.POSITIVE_INFINITY) : String(cell)
}

function hexOf(base64: string, maxBytes: number): string {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
  const hex = Array.from(bytes.slice(0, maxBytes), (byte) => byte.toString(16).padStart(2, '0'))
  return `0x${hex.join('')}${bytes.length > maxBytes ? '…' : ''}`
}

type Rows = readonly (readonly Cell[])[]

/** RFC 4180; NULL is nothing between the commas, '' is two quotes. */
export function csvOf(columns: readonly Column[], rows: Rows): string {
  const lines = [columns.map(({ name }) => csvText(name)), ...rows.map((row) => row.map(csvCell))]
  return `${lines.map((line) => line.join(',')).join('\r\n')}\r\n`
}

function csvCell(cell: Cell): string {
  return cell === null ? '' : csvText(textOf(cell))
}

function csvText(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Rows as arrays beside the names: two columns may have the same name. */
export function jsonOf(columns: readonly Column[], rows: Rows): string {
  const names = columns.map(({ name }) => name)
  if (new Set(names).size < names.length) return JSON.stringify({ columns: names, rows }, null, 2)
  const objects = rows.map((row) =>
    Object.fromEntries(names.map((name, index) => [name, row[index] ?? null])),
  )
  return JSON.stringify(objects, null, 2)
}

/** Tab-separated: what spreadsheets take from the clipboard. */
export function rowText(row: readonly Cell[]): string {
  return row.map((cell) => textOf(cell).replaceAll(/[\t\r\n]+/g, ' ')).join('\t')
}
