import type { TableName } from './findings.ts'
import { alias } from './names.ts'
import type { Reader } from './reader.ts'

/** RETURNING answers with the changed rows: the tables are read as well. */
export function returning(reader: Reader, tables: readonly TableName[]): void {
  if (!reader.accept('returning')) return
  reader.found.effects.add('read')
  for (const table of tables) reader.found.read(table)
  reader.list(returned)
}

function returned(reader: Reader): void {
  if (reader.accept('*')) return
  reader.rules.expression(reader)
  alias(reader)
}
