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
  if (sources.length === 1) writeNamed(reader, sources)
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
  const byName = sourcesByName(sources)
  const isVague = columns.some((parts) => sourcesOf(parts.slice(0, -1), byName).length === 0)
  if (isVague) for (const source of sources.filter(isTable)) reader.found.write(source)
  else for (const parts of columns) writeNamed(reader, sourcesOf(parts.slice(0, -1), byName))
}

type SourcesByName = ReadonlyMap<string, readonly Source[]>

/** By alias, or name where there is none; letter case apart, since that may or may not count. */
function sourcesByName(sources: readonly Source[]): SourcesByName {
  return Map.groupBy(sources, (source) => (source.alias ?? source.name).toLowerCase())
}

/** What `table` or `schema.table` means among them. */
function sourcesOf(parts: readonly string[], byName: SourcesByName): readonly Source[] {
  const [table, schema] = [parts.at(-1), parts.at(-2)]
  const named = byName.get(table?.toLowerCase() ?? '') ?? []
  return schema === undefined ? named : named.filter((source) => isOfSchema(source, schema))
}

function isOfSchema(source: Source, schema: string): boolean {
  return source.schema === undefined || isSame(source.schema, schema)
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}

/** A common table expression can't be changed: who names one as the target means a table, or gets an error. */
function writeNamed(reader: Reader, sources: readonly Source[]): void {
  for (const source of sources) if (source.name !== '') reader.found.write(source)
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
  const byName = sourcesByName(sources)
  for (const table of targets) removeTarget(reader, table, byName)
  restrictions(reader)
}

/** A target is an alias or a table of FROM; what can't be found there is taken for a table. */
function removeTarget(reader: Reader, table: TableName, byName: SourcesByName): void {
  const parts = table.schema === undefined ? [table.name] : [table.schema, table.name]
  const named = sourcesOf(parts, byName)
  if (named.length === 0) reader.found.write(table)
  else writeNamed(reader, named)
}
