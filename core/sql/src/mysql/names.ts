import type { TableName } from './findings.ts'
import type { Reader } from './reader.ts'
import { isAliasWord, RESERVED } from './words.ts'

/** Whether a name may begin here. */
export function isName(reader: Reader): boolean {
  const { token } = reader
  if (token?.kind === 'quoted') return true
  return token?.kind === 'word' && !RESERVED.has(reader.key)
}

export function name(reader: Reader): string {
  if (!isName(reader)) reader.fail('expected a name')
  return nameAfterDot(reader)
}

/** After a dot every word is a name. */
export function nameAfterDot(reader: Reader): string {
  const { token } = reader
  if (token?.kind !== 'word' && token?.kind !== 'quoted') return reader.fail('expected a name')
  reader.next()
  return token.kind === 'quoted' ? token.value : reader.code.text.slice(token.start, token.end)
}

/** `table`, `schema.table`, or ODBC's `.table`. */
export function tableName(reader: Reader): TableName {
  if (reader.accept('.')) return { schema: undefined, name: nameAfterDot(reader) }
  const first = name(reader)
  if (!reader.accept('.')) return { schema: undefined, name: first }
  return { schema: first, name: nameAfterDot(reader) }
}

/** `(a, b, c)`; nothing when no parenthesis follows. */
export function nameList(reader: Reader): void {
  if (!reader.accept('(')) return
  if (reader.accept(')')) return
  reader.list(columnName)
  reader.expect(')')
}

/** `column`, `table.column`, `schema.table.column`: its parts. */
export function columnName(reader: Reader): readonly string[] {
  if (reader.accept('.')) return [nameAfterDot(reader)]
  const parts = [name(reader)]
  while (reader.accept('.')) parts.push(nameAfterDot(reader))
  return parts
}

/** `AS name`, `AS 'name'` or the name alone. */
export function alias(reader: Reader): string | undefined {
  if (reader.accept('as')) return reader.acceptKind('string')?.value ?? name(reader)
  const { token } = reader
  if (token?.kind === 'string' || token?.kind === 'quoted') return aliasToken(reader, token.value)
  if (token?.kind === 'word' && isAliasWord(reader.key)) return nameAfterDot(reader)
  return undefined
}

function aliasToken(reader: Reader, value: string): string {
  reader.next()
  return value
}

/** A name, or a text that stands for one. */
export function nameOrText(reader: Reader): string {
  return reader.acceptKind('string')?.value ?? nameAfterDot(reader)
}
