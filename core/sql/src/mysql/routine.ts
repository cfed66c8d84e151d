// CALL, DO, HANDLER, KILL and the small ones.
import { alias, nameAfterDot, tableName } from './names.ts'
import { administration, skipToken } from './opaque.ts'
import { limit } from './query.ts'
import type { Reader } from './reader.ts'
import { wordSet } from './words.ts'

/** What a procedure does is not in the text. */
export function callProcedure(reader: Reader): void {
  reader.next()
  const { start } = reader
  const { schema, name } = tableName(reader)
  reader.found.opaque()
  reader.found.call({ schema, name: name.toLowerCase(), danger: 'unknown', start })
  if (!reader.accept('(') || reader.accept(')')) return
  reader.list(reader.rules.expression)
  reader.expect(')')
}

/** DO evaluates and answers nothing. */
export function evaluate(reader: Reader): void {
  reader.next()
  reader.found.effects.add('read')
  reader.list(evaluated)
}

function evaluated(reader: Reader): void {
  reader.rules.expression(reader)
  alias(reader)
}

const DIRECTIONS = wordSet('first next prev last')
const COMPARISONS = wordSet('= <= >= < >')

/** HANDLER t OPEN, HANDLER t READ …, HANDLER t CLOSE: behind OPEN the name may be an alias, which then counts as a table. */
export function handler(reader: Reader): void {
  reader.next()
  reader.found.effects.add('read')
  reader.found.pin('handler')
  reader.found.read(tableName(reader))
  if (reader.accept('open')) alias(reader)
  else if (!reader.accept('close')) readHandler(reader)
}

function readHandler(reader: Reader): void {
  reader.expect('read')
  if (!reader.acceptAny(DIRECTIONS)) index(reader)
  if (reader.accept('where')) reader.rules.expression(reader)
  if (reader.key === 'limit') limit(reader)
}

function index(reader: Reader): void {
  nameAfterDot(reader)
  if (reader.acceptAny(DIRECTIONS)) return
  if (!reader.acceptAny(COMPARISONS)) reader.fail('expected a comparison')
  reader.expect('(')
  reader.list(reader.rules.expression)
  reader.expect(')')
}

const STRENGTHS = wordSet('hard soft')

/** KILL [HARD | SOFT] [CONNECTION | QUERY [ID]] number; of a user, or of a computed number, it may be anyone. */
export function kill(reader: Reader): void {
  reader.next()
  reader.found.effects.add('control')
  reader.acceptAny(STRENGTHS)
  const isQueryOnly = reader.accept('query')
  if (isQueryOnly) reader.accept('id')
  else reader.accept('connection')
  const target = killed(reader)
  reader.found.session.push({ kind: 'kill', target, isQueryOnly })
  if (target === undefined) reader.found.opaque()
}

function killed(reader: Reader): number | undefined {
  if (reader.key === 'user') {
    administration(reader)
    return undefined
  }
  const { at, token } = reader
  reader.rules.expression(reader)
  const isPlain = reader.at === at + 1 && token?.kind === 'number' && /^\d{1,15}$/.test(token.value)
  return isPlain ? Number(token.value) : undefined
}

/** HELP 'topic' */
export function help(reader: Reader): void {
  reader.next()
  reader.found.effects.add('read')
  if (reader.acceptKind('string') === undefined) nameAfterDot(reader)
}

/** GET DIAGNOSTICS, SIGNAL, RESIGNAL: variables and texts, no query. */
export function diagnostics(reader: Reader): void {
  reader.found.effects.add('control')
  reader.found.pin('diagnostics')
  while (!reader.isAtEnd) {
    if (reader.key === '(') reader.fail('not expected')
    skipToken(reader)
  }
}
