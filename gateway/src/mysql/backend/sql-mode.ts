// The modes under which a statement would be read differently than it was judged, and the names of sets that hold them.
const LEXICAL = new Set([
  'ANSI_QUOTES',
  'NO_BACKSLASH_ESCAPES',
  'ANSI',
  'DB2',
  'MAXDB',
  'MSSQL',
  'ORACLE',
  'POSTGRESQL',
])

export function withoutLexicalModes(modes: string): string {
  return modes
    .split(',')
    .filter((mode) => !LEXICAL.has(mode.toUpperCase()))
    .join(',')
}
