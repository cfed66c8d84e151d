import { remove, update } from './change.ts'
import { withClause } from './common-tables.ts'
import { alter, create, drop, rename, truncate } from './define.ts'
import { analyze, explain } from './explain.ts'
import { insert } from './insert.ts'
import { load } from './load.ts'
import { lockTables, maintain, unlock } from './maintenance.ts'
import { nameAfterDot } from './names.ts'
import { administration, storedCode } from './opaque.ts'
import { deallocate, execute, prepare } from './prepared.ts'
import { query } from './query.ts'
import type { Reader } from './reader.ts'
import { callProcedure, diagnostics, evaluate, handler, help, kill } from './routine.ts'
import { set } from './set.ts'
import { show } from './show.ts'
import { begin, commit, release, rollback, savepoint, startTransaction } from './transaction.ts'

type Rule = (reader: Reader) => void

const ADMINISTRATION = [
  'backup',
  'binlog',
  'cache',
  'change',
  'clone',
  'flush',
  'grant',
  'import',
  'install',
  'purge',
  'reset',
  'restart',
  'revoke',
  'shutdown',
  'stop',
  'uninstall',
  'xa',
]

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
  ['begin', beginOrBlock],
  ['create', create],
  ['alter', alter],
  ['drop', drop],
  ['rename', rename],
  ['truncate', truncate],
  ['explain', explain],
  ['describe', explain],
  ['desc', explain],
  ['analyze', analyze],
  ['check', maintain],
  ['checksum', maintain],
  ['optimize', maintain],
  ['repair', maintain],
  ['lock', lockTables],
  ['unlock', unlock],
  ['load', load],
  ['call', callProcedure],
  ['do', evaluate],
  ['handler', handler],
  ['kill', kill],
  ['help', help],
  ['get', diagnostics],
  ['signal', diagnostics],
  ['resignal', diagnostics],
  ['prepare', prepare],
  ['execute', execute],
  ['deallocate', deallocate],
  ...ADMINISTRATION.map((word): [string, Rule] => [word, administration]),
])

/** One statement, up to its end; a word that begins none is not understood. */
export function statement(reader: Reader): void {
  const rule = RULES.get(reader.key)
  if (rule === undefined) {
    reader.fail('not a known statement')
    return
  }
  reader.found.kind = reader.key
  reader.enter()
  rule(reader)
  reader.leave()
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
  if (reader.keyAfter(1) === 'transaction') startTransaction(reader)
  else administration(reader)
}

/** MariaDB: BEGIN NOT ATOMIC … END is stored code that runs at once. */
function beginOrBlock(reader: Reader): void {
  if (reader.isPhrase('begin', 'not', 'atomic')) storedCode(reader)
  else begin(reader)
}
