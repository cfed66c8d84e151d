import { columnName, name, nameList } from './names.ts'
import type { Reader } from './reader.ts'

/** Looked up one by one. */
const MAX_VISIBLE = 200

/** WITH: each name is visible behind its own definition, and inside it only when RECURSIVE is written. */
export function withClause(reader: Reader): void {
  reader.expect('with')
  const isRecursive = reader.accept('recursive')
  do definition(reader, isRecursive)
  while (reader.accept(','))
}

function definition(reader: Reader, isRecursive: boolean): void {
  const defined = name(reader)
  nameList(reader)
  reader.expect('as')
  if (isRecursive) declare(reader, defined)
  reader.expect('(')
  reader.rules.query(reader)
  reader.expect(')')
  if (reader.accept('cycle')) cycle(reader)
  if (!isRecursive) declare(reader, defined)
}

function declare(reader: Reader, defined: string): void {
  const size = (reader.scope?.size ?? 0) + 1
  if (size > MAX_VISIBLE) reader.fail('too many common table expressions')
  reader.scope = { name: defined, outer: reader.scope, size }
}

/** MariaDB: CYCLE a, b RESTRICT */
function cycle(reader: Reader): void {
  reader.list(columnName)
  reader.expect('restrict')
}

/**
 * Whether the name means a common table expression here. Only the very same letters: where names are case-sensitive
 * another spelling is a table.
 */
export function isCommonTable(reader: Reader, table: string): boolean {
  for (let scope = reader.scope; scope !== undefined; scope = scope.outer) {
    if (scope.name === table) return true
  }
  return false
}
