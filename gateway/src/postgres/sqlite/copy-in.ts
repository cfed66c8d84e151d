// COPY … FROM STDIN into a SQLite file: an INSERT for each line that the client sends.
import { PostgresFault } from '../fault.ts'
import { type CopyFormat, formatOf, NAME, NAMES } from './copy-format.ts'

export interface CopyIn {
  /** As SQL writes it, with its schema where that is said. */
  readonly target: string
  readonly table: string
  /** Undefined: those that the table has. */
  readonly columns: readonly string[] | undefined
  readonly format: CopyFormat
  /** What is judged: it writes what the COPY writes. */
  readonly sql: string
}

const COPY = new RegExp(
  `^copy\\s+(?:("?)(?:main|public)\\1\\s*\\.\\s*)?(${NAME})\\s*(?:${NAMES})?\\s*(?<![\\w$])from\\s+stdin\\b(.*)$`,
  'is',
)

/** Undefined where it is no COPY from the client, or has options that aren't known. */
export function copyInOf(text: string): CopyIn | undefined {
  const [, schemaQuote, name, list, options = ''] = text.match(COPY) ?? []
  const format = formatOf(options)
  if (!format || name === undefined) return undefined
  const target = schemaQuote === undefined ? name : `main.${name}`
  const columns = list?.match(new RegExp(NAME, 'gi'))?.map(nameOf)
  const values = columns ? valuesOf(columns) : 'DEFAULT VALUES'
  return { target, table: nameOf(name), columns, format, sql: `INSERT INTO ${target} ${values}` }
}

function nameOf(written: string): string {
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written
}

/** An INSERT's columns, and a `?` for each. */
export function valuesOf(columns: readonly string[]): string {
  const names = columns.map((name) => `"${name.replaceAll('"', '""')}"`)
  return `(${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`
}

/** A column as `pragma_table_xinfo` tells it. */
export interface Column {
  readonly name: string
  readonly declaredType: string
  readonly isGenerated: boolean
  readonly isHidden: boolean
}

/** Those that a line has values for, in its order; throws where a name that was given can't be one. */
export function copiedColumns(copy: CopyIn, columns: readonly Column[]): readonly Column[] {
  if (columns.length === 0) {
    throw new PostgresFault('42P01', `relation "${copy.table}" does not exist`)
  }
  if (!copy.columns) return columns.filter(({ isGenerated, isHidden }) => !isGenerated && !isHidden)
  const chosen = copy.columns.map((name) => columnOf(copy, columns, name))
  const twice = chosen.find((column, at) => chosen.indexOf(column) !== at)
  if (twice) throw new PostgresFault('42701', `column "${twice.name}" specified more than once`)
  return chosen
}

function columnOf({ table }: CopyIn, columns: readonly Column[], name: string): Column {
  const column = columns.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (!column) {
    throw new PostgresFault('42703', `column "${name}" of relation "${table}" does not exist`)
  }
  if (column.isGenerated) {
    throw new PostgresFault('42P10', `column "${name}" is a generated column`)
  }
  return column
}
