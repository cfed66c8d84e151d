// COPY … TO STDOUT of a SQLite file: a SELECT, whose rows are written as PostgreSQL's text or csv (manual: COPY, File Formats).

export interface CopyFormat {
  readonly isCsv: boolean
  readonly hasHeader: boolean
  readonly delimiter: string
  /** What stands for NULL. */
  readonly none: string
}

export interface CopyOut {
  /** Its rows are what is copied. */
  readonly sql: string
  readonly format: CopyFormat
}

const NAME = '(?:"(?:[^"]|"")+"|[a-z_][\\w$]*)'
const COPY = new RegExp(
  `^copy\\s+(?:(?:(?:main|public)\\.)?(${NAME})\\s*(?:\\(\\s*(${NAME}(?:\\s*,\\s*${NAME})*)\\s*\\))?|\\((.*)\\))\\s*to\\s+stdout\\b(.*)$`,
  'is',
)

/** Undefined where it is no COPY to the client, or has options that aren't known. */
export function copyOutOf(text: string): CopyOut | undefined {
  const [, table, columns = '*', query, options = ''] = text.match(COPY) ?? []
  const format = query?.includes(';') ? undefined : formatOf(options)
  const sql = query ?? (table === undefined ? undefined : `SELECT ${columns} FROM ${table}`)
  return format && sql !== undefined ? { sql, format } : undefined
}

const OPTION =
  /^(?:format\s+(?:as\s+)?)?(text|csv)$|^(header)(?:\s+(true|on|1|false|off|0))?$|^(delimiters?|null)\s+(?:as\s+)?(e?'(?:[^']|'')*')$/i

/** `WITH (FORMAT csv, HEADER)`, and the older `CSV HEADER DELIMITER ';'`. */
function formatOf(options: string): CopyFormat | undefined {
  const list = options
    .trim()
    .replace(/^with\b/i, '')
    .trim()
  const isNew = list.startsWith('(') && list.endsWith(')')
  const said = isNew ? splitNew(list.slice(1, -1)) : splitOld(list)
  const matches = said.map((option) => option.trim().match(OPTION))
  if (matches.includes(null)) return undefined
  const isCsv = matches.some((match) => /^csv$/i.test(match?.[1] ?? ''))
  const hasHeader = matches.some(
    (match) => match?.[2] && !/^(?:false|off|0)$/i.test(match[3] ?? ''),
  )
  const delimiter = literalOf(matches, /^delim/i) ?? (isCsv ? ',' : '\t')
  const none = literalOf(matches, /^null/i) ?? (isCsv ? '' : '\\N')
  return isSound(delimiter, none) ? { isCsv, hasHeader, delimiter, none } : undefined
}

type Match = RegExpMatchArray | null

function splitNew(list: string): readonly string[] {
  return list.match(/(?:'(?:[^']|'')*'|[^',])+/g) ?? ['nothing']
}

function splitOld(list: string): readonly string[] {
  return list.match(/(?:delimiters?|null)\s+(?:as\s+)?e?'(?:[^']|'')*'|\S+/gi) ?? []
}

function literalOf(matches: readonly Match[], option: RegExp): string | undefined {
  const literal = matches.find((match) => option.test(match?.[4] ?? ''))?.[5]
  if (literal === undefined) return undefined
  const inner = literal.slice(literal.indexOf("'") + 1, -1).replaceAll("''", "'")
  return /^e/i.test(literal) ? inner.replaceAll('\\t', '\t').replaceAll('\\\\', '\\') : inner
}

function isSound(delimiter: string, none: string): boolean {
  return /^[^\n\r\\."]$/.test(delimiter) && !/[\n\r]/.test(none) && !none.includes(delimiter)
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
  const line = format.isCsv && fields.join() === '\\.' ? '"\\."' : fields.join(format.delimiter)
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

function csvField(text: string, { delimiter, none }: CopyFormat): string {
  const isPlain = text !== none && !/["\n\r]/.test(text) && !text.includes(delimiter)
  return isPlain ? text : `"${text.replaceAll('"', '""')}"`
}
