import { name } from './names.ts'
import type { Reader } from './reader.ts'

/** BEGIN [WORK]; MariaDB's BEGIN NOT ATOMIC opens a block of stored code. */
export function begin(reader: Reader): void {
  reader.next()
  reader.accept('work')
  start(reader, false)
}

/** START TRANSACTION [WITH CONSISTENT SNAPSHOT] [, READ ONLY | READ WRITE] */
export function startTransaction(reader: Reader): void {
  reader.next()
  reader.next()
  let isReadOnly = false
  if (!reader.isAtEnd) reader.list(() => (isReadOnly = characteristic(reader) || isReadOnly))
  start(reader, isReadOnly)
}

function characteristic(reader: Reader): boolean {
  if (reader.acceptPhrase('with', 'consistent', 'snapshot')) return false
  if (reader.acceptPhrase('read', 'write')) return false
  if (!reader.acceptPhrase('read', 'only')) reader.fail('expected READ ONLY or READ WRITE')
  return true
}

function start(reader: Reader, isReadOnly: boolean): void {
  reader.found.kind = 'begin'
  reader.found.effects.add('control')
  reader.found.session.push({ kind: 'begin', isReadOnly })
}

export function commit(reader: Reader): void {
  reader.next()
  reader.accept('work')
  reader.found.effects.add('control')
  reader.found.session.push({ kind: 'commit' })
  completion(reader)
}

export function rollback(reader: Reader): void {
  reader.next()
  reader.accept('work')
  reader.found.effects.add('control')
  if (reader.accept('to')) {
    savepointName(reader)
    return
  }
  reader.found.session.push({ kind: 'rollback' })
  completion(reader)
}

export function savepoint(reader: Reader): void {
  reader.next()
  reader.found.effects.add('control')
  savepointName(reader)
}

export function release(reader: Reader): void {
  reader.next()
  reader.found.effects.add('control')
  if (reader.key !== 'savepoint') reader.fail('expected SAVEPOINT')
  savepointName(reader)
}

function savepointName(reader: Reader): void {
  reader.accept('savepoint')
  name(reader)
  reader.found.session.push({ kind: 'savepoint' })
}

/** [AND [NO] CHAIN] [[NO] RELEASE]: CHAIN begins the next transaction, RELEASE ends the connection. */
function completion(reader: Reader): void {
  if (reader.accept('and')) {
    const isChained = !reader.accept('no')
    reader.expect('chain')
    if (isChained) reader.found.session.push({ kind: 'begin', isReadOnly: false })
  }
  if (reader.acceptPhrase('no', 'release')) return
  if (reader.accept('release')) reader.found.pin('released by COMMIT or ROLLBACK')
}
