import { alias, tableName } from './names.ts'
import { administration, skipStatement } from './opaque.ts'
import type { Reader } from './reader.ts'
import { wordSet } from './words.ts'

const OPTIONS = wordSet('local no_write_to_binlog')
const TABLES = wordSet('table tables view')
const READING = wordSet('check checksum')
const LOCKABLE = wordSet('table tables')
const NEVER_INSIDE = wordSet('select with')

/** ANALYZE, CHECK, CHECKSUM, OPTIMIZE, REPAIR TABLE a, b … */
export function maintain(reader: Reader): void {
  const { key } = reader
  reader.next()
  reader.acceptAny(OPTIONS)
  reader.found.kind = `${key} table`
  if (!reader.acceptAny(TABLES)) reader.fail('expected TABLE')
  const isReading = READING.has(key)
  if (isReading) reader.found.effects.add('read')
  else reader.found.effects.add('define').add('write')
  reader.list(() => maintained(reader, isReading))
}

function maintained(reader: Reader, isReading: boolean): void {
  const table = tableName(reader)
  if (isReading) reader.found.read(table)
  else reader.found.write(table)
  while (!reader.isAtEnd && reader.key !== ',') option(reader)
}

/** QUICK, EXTENDED, PERSISTENT FOR COLUMNS (a) INDEXES (b), UPDATE HISTOGRAM ON a, b WITH 10 BUCKETS. */
function option(reader: Reader): void {
  if (reader.isPhrase('update', 'histogram') || reader.isPhrase('drop', 'histogram')) {
    skipStatement(reader)
    return
  }
  if (reader.token?.kind === 'unknown' || reader.isAny(NEVER_INSIDE)) reader.fail('not readable')
  if (reader.accept('(')) while (!reader.accept(')')) column(reader)
  else reader.next()
}

function column(reader: Reader): void {
  if (reader.isAtEnd || reader.key === '(') reader.fail('expected a name')
  reader.next()
}

/** LOCK TABLES a READ, b AS c WRITE: it holds up others, so that it asks for the right to change. */
export function lockTables(reader: Reader): void {
  reader.next()
  if (!reader.acceptAny(LOCKABLE)) {
    administration(reader)
    return
  }
  reader.found.kind = 'lock tables'
  reader.found.effects.add('control').add('write')
  reader.found.pin('table locks')
  reader.list(locked)
  if (reader.accept('wait')) reader.acceptKind('number')
  else reader.accept('nowait')
}

function locked(reader: Reader): void {
  const table = tableName(reader)
  reader.found.read(table)
  reader.found.write(table)
  if (reader.key !== 'read' && reader.key !== 'write') alias(reader)
  if (reader.accept('read')) {
    reader.accept('local')
    return
  }
  reader.accept('low_priority')
  reader.expect('write')
  reader.accept('concurrent')
}

/** UNLOCK TABLES, UNLOCK INSTANCE */
export function unlock(reader: Reader): void {
  reader.next()
  reader.found.effects.add('control')
  if (!reader.acceptAny(LOCKABLE)) administration(reader)
}
