import { NotAcceptable } from '../http/faults.ts'

/** Throws what the author of a mask can mend: a mask that fits no column would look as if it hid something. */
export function assertReadable(mask: { readonly table: string; readonly column: string }): void {
  const mistake = mistakeInTable(mask.table) ?? mistakeInColumn(mask)
  if (mistake !== undefined) throw new NotAcceptable('mask_not_readable', mistake)
}

const QUOTES = /["'`[\]]/
const CONTROL = /\p{Cc}/u

function mistakeInTable(table: string): string | undefined {
  const parts = table.split('.')
  if (parts.length > 2) {
    return `"${table}" has more than one dot: name a table as orders, sales.orders or sales.*, with * for a dot of its name`
  }
  if (parts.some((part) => !isName(part))) {
    return `"${table}" is no table's name: write orders, sales.orders or sales.*, without quotes`
  }
  return undefined
}

function mistakeInColumn({ table, column }: { table: string; column: string }): string | undefined {
  if (column.includes('*')) return 'a mask is for one column: add one for each, by its whole name'
  if (!isName(column)) return `"${column}" is no column's name: write it without quotes`
  const name = table.slice(table.indexOf('.') + 1)
  const isQualified = column.toLowerCase().startsWith(`${name.toLowerCase()}.`)
  return isQualified ? `name the column alone: "${column}" begins with its table` : undefined
}

function isName(text: string): boolean {
  return text !== '' && text === text.trim() && !QUOTES.test(text) && !CONTROL.test(text)
}
