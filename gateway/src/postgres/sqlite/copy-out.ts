// COPY … TO STDOUT of a SQLite file: a SELECT, whose rows are written as PostgreSQL's text or csv (manual: COPY, File Formats).

import { type CopyFormat, formatOf, NAME, NAMES } from './copy-format.ts'

export interface CopyOut {
  /** Its rows are what is copied. */
  readonly sql: string
  readonly format: CopyFormat
}

const COPY = new RegExp(
  `^copy\\s+(?:(?:(?:main|public)\\.)?(${NAME})\\s*(?:${NAMES})?|\\((.*)\\))\\s*to\\s+stdout\\b(.*)$`,
  'is',
)

/** Undefined where it is no COPY to the client, or has options that aren't known. */
export function copyOutOf(text: string): CopyOut | undefined {
  const [, table, columns = '*', query, options = ''] = text.match(COPY) ?? []
  const format = query?.includes(';') ? undefined : formatOf(options)
  const sql = query ?? (table === undefined ? undefined : `SELECT ${columns} FROM ${table}`)
  return format && sql !== undefined ? { sql, format } : undefined
}

type Row = readonly (Buffer | null)[]

export function headerLine(names: readonly string[], format: CopyFormat): Buffer {
  return copyLine(
    names.map((name) => Buffer.from(name)),
    format,
  )
}

/** One row with its end of line. */
export function copyLine(row: Row, format: CopyFormat): Buffer {
  const fields = row.map((value) => (value === null ? format.none : field(value, format)))
  // A line that is nothing else would end the rows where they are read again.
  const line =
    format.isCsv && fields.join() === '\\.' ? quoted('\\.', format) : fields.join(format.delimiter)
  return Buffer.from(`${line}\n`)
}

function field(value: Buffer, format: CopyFormat): string {
  const text = value.toString('utf8')
  return format.isCsv ? csvField(text, format) : textField(text, format)
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\v', '\\v'],
])

function textField(text: string, { delimiter }: CopyFormat): string {
  return text
    .replace(/[\\\b\f\n\r\t\v]/g, (sign) => ESCAPES.get(sign) ?? `\\${sign}`)
    .replaceAll(delimiter, (sign) => (sign === '\t' ? sign : `\\${sign}`))
}

function csvField(text: string, format: CopyFormat): string {
  const { delimiter, none, quote } = format
  const isPlain =
    text !== none && !/[\n\r]/.test(text) && ![delimiter, quote].some((sign) => text.includes(sign))
  return isPlain ? text : quoted(text, format)
}

function quoted(text: string, { quote, escapeSign }: CopyFormat): string {
  const doubled = text.replaceAll(escapeSign, () => escapeSign + escapeSign)
  const safe = quote === escapeSign ? doubled : doubled.replaceAll(quote, () => escapeSign + quote)
  return `${quote}${safe}${quote}`
}
