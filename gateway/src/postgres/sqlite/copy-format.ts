// How the rows of a COPY are written (manual: COPY, File Formats), and what a COPY says of it.

export interface CopyFormat {
  readonly isCsv: boolean
  readonly hasHeader: boolean
  readonly delimiter: string
  /** What stands for NULL. */
  readonly none: string
  /** Of csv. */
  readonly quote: string
  readonly escapeSign: string
}

/** A name as SQL writes it. */
export const NAME = '(?:"(?:[^"]|"")+"|[a-z_][\\w$]*)'
/** A list of names in parentheses, the list itself as a group. */
export const NAMES = `\\(\\s*(${NAME}(?:\\s*,\\s*${NAME})*)\\s*\\)`

const OPTION =
  /^(?:format\s+(?:as\s+)?)?(text|csv)$|^(header)(?:\s+(true|on|1|false|off|0))?$|^(delimiters?|null|quote|escape)\s+(?:as\s+)?(e?'(?:[^']|'')*')$/i

/** `WITH (FORMAT csv, HEADER)`, and the older `CSV HEADER DELIMITER ';'`; undefined where an option isn't known. */
export function formatOf(options: string): CopyFormat | undefined {
  const list = options
    .trim()
    .replace(/^with\b/i, '')
    .trim()
  const isNew = list.startsWith('(') && list.endsWith(')')
  const said = isNew ? splitNew(list.slice(1, -1)) : splitOld(list)
  const matches = said.map((option) => option.trim().match(OPTION))
  if (matches.includes(null)) return undefined
  const isCsv = matches.some((match) => /^csv$/i.test(match?.[1] ?? ''))
  const quote = literalOf(matches, /^quote/i)
  const escapeSign = literalOf(matches, /^escape/i)
  if (!isCsv && (quote ?? escapeSign) !== undefined) return undefined
  const format = {
    isCsv,
    hasHeader: matches.some((match) => match?.[2] && !/^(?:false|off|0)$/i.test(match[3] ?? '')),
    delimiter: literalOf(matches, /^delim/i) ?? (isCsv ? ',' : '\t'),
    none: literalOf(matches, /^null/i) ?? (isCsv ? '' : '\\N'),
    quote: quote ?? '"',
    escapeSign: escapeSign ?? quote ?? '"',
  }
  return isSound(format) ? format : undefined
}

type Match = RegExpMatchArray | null

function splitNew(list: string): readonly string[] {
  return list.match(/(?:'(?:[^']|'')*'|[^',])+/g) ?? ['nothing']
}

function splitOld(list: string): readonly string[] {
  return list.match(/(?:delimiters?|null|quote|escape)\s+(?:as\s+)?e?'(?:[^']|'')*'|\S+/gi) ?? []
}

function literalOf(matches: readonly Match[], option: RegExp): string | undefined {
  const literal = matches.find((match) => option.test(match?.[4] ?? ''))?.[5]
  if (literal === undefined) return undefined
  const inner = literal.slice(literal.indexOf("'") + 1, -1).replaceAll("''", "'")
  return /^e/i.test(literal) ? inner.replaceAll('\\t', '\t').replaceAll('\\\\', '\\') : inner
}

function isSound({ isCsv, delimiter, none, quote, escapeSign }: CopyFormat): boolean {
  const signs = isCsv ? [delimiter, quote, escapeSign] : [delimiter]
  const reserved = isCsv ? quote : '\\.abcdefghijklmnopqrstuvwxyz0123456789'
  return (
    signs.every(isSign) &&
    !reserved.includes(delimiter) &&
    !['\n', '\r', '\0', delimiter, ...(isCsv ? [quote] : [])].some((sign) => none.includes(sign))
  )
}

/** One character of one byte, and no end of a line. */
function isSign(text: string): boolean {
  const code = text.charCodeAt(0)
  return text.length === 1 && code > 0 && code < 128 && !/[\n\r]/.test(text)
}
