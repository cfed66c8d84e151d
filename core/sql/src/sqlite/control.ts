import { expression } from './expression.ts'
import type { Reader } from './reader.ts'
import { isName } from './words.ts'

export function begin(reader: Reader): void {
  reader.expect('begin')
  reader.acceptOneOf('deferred', 'immediate', 'exclusive')
  transactionName(reader)
  controls(reader, 'begin')
  reader.findings.session({ kind: 'begin', isReadOnly: false })
}

/** COMMIT and END are one. */
export function commit(reader: Reader): void {
  if (!reader.acceptOneOf('commit', 'end')) reader.fail()
  transactionName(reader)
  controls(reader, 'commit')
  reader.findings.session({ kind: 'commit' })
}

export function rollback(reader: Reader): void {
  reader.expect('rollback')
  transactionName(reader)
  controls(reader, 'rollback')
  if (reader.accept('to')) savepointName(reader)
  else reader.findings.session({ kind: 'rollback' })
}

export function savepoint(reader: Reader): void {
  reader.expect('savepoint')
  controls(reader, 'savepoint')
  reader.name()
  reader.findings.session({ kind: 'savepoint' })
}

export function release(reader: Reader): void {
  reader.expect('release')
  controls(reader, 'release')
  savepointName(reader)
}

function savepointName(reader: Reader): void {
  if (reader.sees('savepoint') && isName(reader.ahead(1))) reader.take()
  reader.name()
  reader.findings.session({ kind: 'savepoint' })
}

function transactionName(reader: Reader): void {
  if (reader.accept('transaction') && isName(reader.next)) reader.name()
}

function controls(reader: Reader, kind: string): void {
  reader.findings.kind = kind
  reader.findings.effect('control')
}

export function attach(reader: Reader): void {
  administers(reader, 'attach', 'danger')
  if (reader.sees('database') && reader.ahead(1) !== undefined) reader.take()
  expression(reader)
  reader.expect('as')
  expression(reader)
  if (reader.accept('key')) expression(reader)
}

export function detach(reader: Reader): void {
  administers(reader, 'detach', 'danger')
  if (reader.sees('database') && reader.ahead(1) !== undefined) reader.take()
  expression(reader)
}

/** VACUUM INTO writes every row to a file of the caller's choice. */
export function vacuum(reader: Reader): void {
  const start = administers(reader, 'vacuum')
  if (isName(reader.next)) reader.name()
  if (!reader.accept('into')) return
  reader.findings.callAs('vacuum into', 'danger', start)
  expression(reader)
}

export function reindex(reader: Reader): void {
  administers(reader, 'reindex')
  if (isName(reader.next)) reader.qualifiedName()
}

export function analyzeTables(reader: Reader): void {
  administers(reader, 'analyze')
  if (isName(reader.next)) reader.qualifiedName()
}

function administers(reader: Reader, kind: string, danger?: 'danger'): number {
  const start = reader.next?.start ?? 0
  reader.expect(kind)
  controls(reader, kind)
  reader.findings.mayTouchAnything()
  if (danger) reader.findings.callAs(kind, danger, start)
  return start
}
