// psql turns the pattern behind \d into a regular expression; SQLite has none, but it has GLOB.

/** The string literal that a regular expression stands in, decoded: '…' or E'…'. */
export function regexpIn(literal: string): string {
  const isEscaped = /^e/i.test(literal)
  const inner = literal.slice(literal.indexOf("'") + 1, -1).replaceAll("''", "'")
  return isEscaped ? inner.replaceAll('\\\\', '\\') : inner
}

/** `^(sales.*)$` is `sales*`, in lower case. Undefined for what GLOB can't say. */
export function globOf(regexp: string): string | undefined {
  const body = regexp.match(/^\^\((.*)\)\$$/s)?.[1]
  if (body === undefined) return undefined
  const pieces = body.match(PIECES) ?? []
  if (pieces.join('') !== body) return undefined
  return pieces.map(globPiece).join('').toLowerCase()
}

/** An escaped sign, any signs, any sign, or a sign that means itself. */
const PIECES = /\\.|\.\*|\.|[^\\.*+?()[\]{}|^$]/gs

function globPiece(piece: string): string {
  if (piece === '.*') return '*'
  if (piece === '.') return '?'
  const sign = piece.length === 2 ? piece.slice(1) : piece
  return '*?['.includes(sign) ? `[${sign}]` : sign
}

/** A schema that psql asks for by name or pattern: a SQLite file has one, and PostgreSQL's own word is taken for it. */
export function isSchemaOfFile(regexp: string): boolean {
  const glob = globOf(regexp)
  if (glob === undefined) return false
  const plain = glob
    .replaceAll(/[.+^$()|{}\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return ['main', 'public'].some((schema) => new RegExp(`^${plain}$`).test(schema))
}
