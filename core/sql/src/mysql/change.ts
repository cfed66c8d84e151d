import { assignments } from './assignments.ts'
import type { TableName } from './findings.ts'
import { readSources, type Source, tableReferences } from './from.ts'
import { alias, name, nameAfterDot, nameList } from './names.ts'
import { orderList } from './order.ts'
import { limit } from './query.ts'
import type { Reader } from './reader.ts'
import { returning } from './returning.ts'
import { wordSet } from './words.ts'

const OPTIONS = wordSet('low_priority ignore')
const DELETE_OPTIONS = wordSet('low_priority quick ignore history')

export function update(reader: Reader): void {
  reader.found.kind = 'update'
  reader.next()
  reader.skipAny(OPTIONS)
  reader.found.effects.add('write')
  const sources: Source[] = []
  tableReferences(reader, sources)
  if (reader.acceptPhrase('for', 'portion', 'of')) portion(reader)
  reader.expect('set')
  const columns = assignments(reader)
  if (sources.length === 1) writeSources(reader, sources)
  else writeJoined(reader, sources, columns)
  restrictions(reader)
  returning(reader, sources.filter(isTable))
}

/** Of several tables those are written whose columns are set: all of them, where a column doesn't say. */
function writeJoined(
  reader: Reader,
  sources: readonly Source[],
  columns: readonly (readonly string[])[],
): void {
  reader.found.effects.add('read')
  readSources(reader, sources)
  for (const parts of columns) {
    const named = sources.filter((source) => isColumnOf(parts, source))
    writeSources(reader, named.length === 0 ? sources : named)
  }
}

function isColumnOf(parts: readonly string[], source: Source): boolean {
  const [table, schema] = [parts.at(-2), parts.at(-3)]
  if (table === undefined) return false
  return (
    isSame(table, source.alias ?? source.name) &&
    (schema === undefined || isSame(schema, source.schema ?? schema))
  )
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** A common table expression of that name can't be changed: the server's own table is meant, or nothing. */
function writeSources(reader: Reader, sources: readonly Source[]): void {
  for (const source of sources)
    if (isTable(source) || source.name !== '') reader.found.write(source)
}

function isTable(source: Source): boolean {
  return source.isDerived !== true
}

function restrictions(reader: Reader): void {
  if (reader.accept('where')) reader.rules.expression(reader)
  if (reader.acceptPhrase('order', 'by')) orderList(reader)
  if (reader.key === 'limit') limit(reader)
}

/** MariaDB: FOR PORTION OF period FROM a TO b */
function portion(reader: Reader): void {
  name(reader)
  reader.expect('from')
  reader.rules.bits(reader)
  reader.expect('to')
  reader.rules.bits(reader)
}

/** DELETE FROM t …, DELETE t, u FROM … and DELETE FROM t, u USING …. */
export function remove(reader: Reader): void {
  reader.found.kind = 'delete'
  reader.next()
  while (isDeleteOption(reader)) reader.next()
  reader.found.effects.add('write')
  const isFromFirst = reader.accept('from')
  const targets: TableName[] = []
  reader.list(() => targets.push(target(reader)))
  if (!isFromFirst) {
    reader.expect('from')
    removeJoined(reader, targets)
  } else if (reader.accept('using')) removeJoined(reader, targets)
  else removeFrom(reader, targets)
}

/** `DELETE QUICK FROM t` has an option, `DELETE quick FROM t …` a table called so: both are read alike by the server. */
function isDeleteOption(reader: Reader): boolean {
  return reader.isAny(DELETE_OPTIONS)
}

/** `table`, `table.*`, `schema.table`, `schema.table.*` */
function target(reader: Reader): TableName {
  const first = name(reader)
  if (!reader.accept('.') || reader.accept('*')) return { schema: undefined, name: first }
  const second = nameAfterDot(reader)
  if (reader.accept('.')) reader.expect('*')
  return { schema: first, name: second }
}

function removeFrom(reader: Reader, targets: readonly TableName[]): void {
  if (targets.length > 1) reader.fail('expected USING')
  for (const table of targets) reader.found.write(table)
  if (reader.accept('partition')) nameList(reader)
  if (reader.acceptPhrase('for', 'portion', 'of')) portion(reader)
  else if (reader.key === 'for') reader.fail('expected PORTION OF')
  alias(reader)
  if (reader.acceptPhrase('before', 'system_time')) beforeTime(reader)
  restrictions(reader)
  returning(reader, targets)
}

/** MariaDB: DELETE HISTORY FROM t BEFORE SYSTEM_TIME '…' */
function beforeTime(reader: Reader): void {
  reader.rules.bits(reader)
}

function removeJoined(reader: Reader, targets: readonly TableName[]): void {
  const sources: Source[] = []
  tableReferences(reader, sources)
  reader.found.effects.add('read')
  readSources(reader, sources)
  for (const table of targets) removeTarget(reader, table, sources)
  restrictions(reader)
}

/** A target is an alias or a table of FROM; what can't be found there is taken for a table. */
function removeTarget(reader: Reader, table: TableName, sources: readonly Source[]): void {
  const parts = table.schema === undefined ? [table.name, ''] : [table.schema, table.name, '']
  const named = sources.filter((source) => isColumnOf(parts, source))
  if (named.length === 0) reader.found.write(table)
  else writeSources(reader, named)
}
