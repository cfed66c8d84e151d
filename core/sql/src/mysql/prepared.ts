import type { Parsed } from '../statement.ts'
import { name } from './names.ts'
import type { Reader } from './reader.ts'

/**
 * PREPARE name FROM 'text': what the text does counts for this statement already, so that it is judged even where nobody
 * looks into it at EXECUTE. A text that isn't known may do anything.
 */
export function prepare(reader: Reader): void {
  reader.next()
  reader.found.effects.add('control')
  const prepared = name(reader)
  reader.expect('from')
  const { start } = reader
  const text = plainText(reader)
  if (text === undefined) unknownText(reader)
  else reader.found.absorb(nested(reader, text), start)
  reader.found.session.push({ kind: 'prepare', name: prepared, prepared: text })
}

/** A single text and nothing behind it. */
function plainText(reader: Reader): string | undefined {
  if (reader.token?.kind !== 'string' || !isLast(reader)) return undefined
  return reader.acceptKind('string')?.value
}

function isLast(reader: Reader): boolean {
  const key = reader.keyAfter(1)
  return key === ';' || key === 'using' || reader.tokenAfter(1) === undefined
}

function unknownText(reader: Reader): void {
  reader.rules.expression(reader)
  reader.found.opaque()
}

function nested(reader: Reader, text: string): Parsed {
  reader.enter()
  const [first, second] = reader.rules.nested(text, reader.code.modes)
  reader.leave()
  if (first === undefined || second !== undefined) return reader.fail('not one statement')
  if (!first.isComplete) reader.fail(`in its text: ${first.why}; not readable`)
  return first
}

export function execute(reader: Reader): void {
  reader.next()
  if (reader.accept('immediate')) {
    immediate(reader)
    return
  }
  reader.found.effects.add('control')
  reader.found.session.push({ kind: 'execute', name: name(reader) })
  using(reader)
}

/** MariaDB: EXECUTE IMMEDIATE 'text' is the text's statement. */
function immediate(reader: Reader): void {
  const { start } = reader
  const text = plainText(reader)
  if (text === undefined) reader.fail('the text of EXECUTE IMMEDIATE is not known')
  const inner = nested(reader, text)
  reader.found.absorb(inner, start)
  for (const effect of inner.session) reader.found.session.push(effect)
  using(reader)
}

function using(reader: Reader): void {
  if (reader.accept('using')) reader.list(reader.rules.expression)
}

/** DEALLOCATE PREPARE name, DROP PREPARE name */
export function deallocate(reader: Reader): void {
  reader.found.kind = 'deallocate'
  reader.found.effects.add('control')
  reader.accept('deallocate')
  reader.expect('prepare')
  reader.found.session.push({ kind: 'deallocate', name: name(reader) })
}
