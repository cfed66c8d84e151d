// The fields of one line of a COPY. Lines are taken as Latin-1, so that escapes can name single bytes of UTF-8.
import { isUtf8 } from 'node:buffer'
import { PostgresFault } from '../fault.ts'
import type { CopyFormat } from './copy-format.ts'

export type Field = string | null

/** The line isn't even text: it can't be shown. */
export class UnreadableLine extends PostgresFault {}

/** Throws what PostgreSQL would say of the line. */
export function fieldsOf(bytes: Buffer, format: CopyFormat): readonly Field[] {
  const line = bytes.toString('latin1')
  if (line.includes('\0') || !isUtf8(bytes)) throw new UnreadableLine('22021', NOT_UTF8)
  const none = Buffer.from(format.none).toString('latin1')
  const fields = format.isCsv ? csvFields(line, format, none) : textFields(line, format, none)
  return fields.map((field) => (field === null ? null : utf8Of(field)))
}

function utf8Of(field: string): string {
  const bytes = Buffer.from(field, 'latin1')
  if (bytes.includes(0) || !isUtf8(bytes)) throw new PostgresFault('22021', NOT_UTF8)
  return bytes.toString('utf8')
}

const NOT_UTF8 = 'invalid byte sequence for encoding "UTF8"'

function textFields(line: string, { delimiter }: CopyFormat, none: string): readonly Field[] {
  const raw = line.includes('\\') ? splitEscaped(line, delimiter) : line.split(delimiter)
  return raw.map((field) => (field === none ? null : plainText(field)))
}

function splitEscaped(line: string, delimiter: string): readonly string[] {
  const fields: string[] = []
  let start = 0
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1
    else if (line[at] === delimiter) {
      fields.push(line.slice(start, at))
      start = at + 1
    }
  }
  return [...fields, line.slice(start)]
}

const ESCAPE = /\\(x[0-9a-f]{1,2}|[0-7]{1,3}|.)|\r/gis
const SIGNS: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
])

function plainText(field: string): string {
  if (!/[\\\r]/.test(field)) return field
  return field.replace(ESCAPE, (_, escaped: string | undefined) => {
    if (escaped === undefined) throw carriageReturn('literal', '"\\r"')
    if (/^[0-7]/.test(escaped)) return String.fromCharCode(Number.parseInt(escaped, 8) & 0xff)
    if (/^x./i.test(escaped)) return String.fromCharCode(Number.parseInt(escaped.slice(1), 16))
    return SIGNS.get(escaped) ?? escaped
  })
}

function carriageReturn(how: string, instead: string): UnreadableLine {
  const hint = `Use ${instead} to represent carriage return.`
  return new UnreadableLine('22P04', `${how} carriage return found in data`, hint)
}

function csvFields(line: string, format: CopyFormat, none: string): readonly Field[] {
  const { delimiter, quote } = format
  if (!line.includes(quote)) return line.split(delimiter).map((raw) => unquoted(raw, none))
  const fields: Field[] = []
  for (let at = 0; at <= line.length; ) {
    const { field, end } = csvField(line, at, format, none)
    fields.push(field)
    at = end + 1
  }
  return fields
}

function unquoted(raw: string, none: string): Field {
  return raw === none ? null : withoutReturn(raw)
}

function withoutReturn(raw: string): string {
  if (raw.includes('\r')) throw carriageReturn('unquoted', 'quoted CSV field')
  return raw
}

interface CsvField {
  readonly field: Field
  /** Where its delimiter is, or the end of the line. */
  readonly end: number
}

/** Quotes may begin and end anywhere in a field; one that has any is never NULL. */
function csvField(line: string, start: number, format: CopyFormat, none: string): CsvField {
  const { delimiter, quote } = format
  let field = ''
  let hasQuotes = false
  let at = start
  while (at < line.length && line[at] !== delimiter) {
    if (line[at] === quote) {
      const inner = quotedPart(line, at + 1, format)
      hasQuotes = true
      field += inner.text
      at = inner.end
    } else {
      field += withoutReturn(line[at] ?? '')
      at += 1
    }
  }
  return { field: !hasQuotes && field === none ? null : field, end: at }
}

function quotedPart(line: string, start: number, { quote, escapeSign }: CopyFormat) {
  let text = ''
  for (let at = start; at < line.length; at += 1) {
    const sign = line[at] ?? ''
    const next = line[at + 1]
    if (sign === escapeSign && next !== undefined && (next === escapeSign || next === quote)) {
      text += next
      at += 1
    } else if (sign === quote) return { text, end: at + 1 }
    else text += sign
  }
  throw new PostgresFault('22P04', 'unterminated CSV quoted field')
}
