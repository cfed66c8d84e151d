import { remove, update } from './change.ts'
import { withClause } from './common-tables.ts'
import { insert } from './insert.ts'
import { nameAfterDot } from './names.ts'
import { query } from './query.ts'
import type { Reader } from './reader.ts'
import { set } from './set.ts'
import { show } from './show.ts'
import { begin, commit, release, rollback, savepoint, startTransaction } from './transaction.ts'

type Rule = (reader: Reader) => void

const RULES: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['select', select],
  ['(', select],
  ['values', select],
  ['table', select],
  ['with', withStatement],
  ['insert', insert],
  ['replace', insert],
  ['update', update],
  ['delete', remove],
  ['set', set],
  ['show', show],
  ['use', use],
  ['commit', commit],
  ['rollback', rollback],
  ['savepoint', savepoint],
  ['release', release],
  ['start', start],
  ['begin', begin],
])

/** One statement, up to its end; a word that begins none is not understood. */
export function statement(reader: Reader): void {
  const rule = RULES.get(reader.key)
  if (rule === undefined) {
    reader.fail('not a known statement')
    return
  }
  reader.found.kind = reader.key
  rule(reader)
}

function select(reader: Reader): void {
  const { key } = reader
  reader.found.kind = key === '(' ? 'select' : key
  reader.found.effects.add('read')
  query(reader)
}

/** WITH before SELECT belongs to the query; MySQL takes it before UPDATE and DELETE too. */
function withStatement(reader: Reader): void {
  const { scope } = reader
  withClause(reader)
  if (reader.key === 'update') update(reader)
  else if (reader.key === 'delete') remove(reader)
  else select(reader)
  reader.scope = scope
}

function use(reader: Reader): void {
  reader.next()
  reader.found.effects.add('control')
  reader.found.session.push({ kind: 'use', database: nameAfterDot(reader) })
}

function start(reader: Reader): void {
  if (reader.keyAfter(1) !== 'transaction') reader.fail('not a known statement')
  startTransaction(reader)
}
