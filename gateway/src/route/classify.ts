// Which requests a replica may answer: by what statements do, never by their first word.
import type { Analysis, Statement } from '@articdbm/sql'
import { hintIn } from './hint.ts'

/** `read`: a replica gives the same answer. `server`: reads, but asks about the very server. `other`: all else. */
export type RequestClass = 'read' | 'server' | 'other'

export interface Classified {
  readonly class: RequestClass
  /** It begins a transaction, or leaves autocommit. */
  readonly beginsTransaction: boolean
  readonly hint: 'primary' | 'replica' | undefined
}

const known = new WeakMap<Analysis, Classified>()

/** What isn't known to be a plain read is `other`. An analysis is shared by all requests of one text. */
export function classify(analysis: Analysis): Classified {
  const before = known.get(analysis)
  if (before) return before
  const classified: Classified = {
    class: classOf(analysis.statements),
    beginsTransaction: analysis.statements.some(beginsTransaction),
    hint: hintIn(analysis.tokens),
  }
  known.set(analysis, classified)
  return classified
}

const RANK: readonly RequestClass[] = ['read', 'server', 'other']

function classOf(statements: readonly Statement[]): RequestClass {
  if (statements.length === 0) return 'other'
  const isTransaction = isReadOnlyBegin(statements[0])
  const ranks = statements.map((statement) =>
    isTransaction && isOfTransaction(statement) ? 0 : RANK.indexOf(classOfOne(statement)),
  )
  return RANK[Math.max(...ranks)] ?? 'other'
}

/** A standby has no serializable transactions. */
function isReadOnlyBegin(statement: Statement | undefined): boolean {
  const [effect, more] = statement?.session ?? []
  if (more || effect?.kind !== 'begin' || !effect.isReadOnly) return false
  return !/serializable/i.test(statement?.text ?? '')
}

function isOfTransaction(statement: Statement): boolean {
  const kinds = statement.session.map(({ kind }) => kind)
  if (kinds.length !== 1) return false
  return isReadOnlyBegin(statement) || kinds[0] === 'commit' || kinds[0] === 'rollback'
}

const QUERIES = new Set(['select', 'values', 'table', 'with'])

function classOfOne(statement: Statement): RequestClass {
  const { kind, isComplete, effects, session, relations, functions } = statement
  const isPlain = isComplete && QUERIES.has(kind) && session.length === 0
  if (!isPlain || effects.some((effect) => effect !== 'read')) return 'other'
  if (relations.some(({ access }) => access !== 'read')) return 'other'
  if (functions.some(({ danger }) => danger !== 'safe')) return 'other'
  return asksServer(statement) ? 'server' : 'read'
}

const SERVER_SCHEMAS = new Set([
  'pg_catalog',
  'information_schema',
  'mysql',
  'performance_schema',
  'sys',
])
const SERVER_FUNCTIONS =
  /^(?:pg_|txid_|inet_|uuid_short$|last_insert_id$|row_count$|found_rows$|connection_id$|is_(?:free|used)_lock$|master_|source_|wsrep_)/

/** Catalogs, positions, process ids, @@variables: two servers may answer differently, and rightly so. */
function asksServer({ dialect, relations, functions, normalized }: Statement): boolean {
  if (dialect === 'mysql' && normalized.includes('@')) return true
  if (functions.some(({ name }) => SERVER_FUNCTIONS.test(name))) return true
  return relations.some(
    ({ schema, name }) =>
      (schema !== undefined && SERVER_SCHEMAS.has(schema.toLowerCase())) ||
      (dialect === 'postgres' && schema === undefined && name.startsWith('pg_')),
  )
}

function beginsTransaction({ session }: Statement): boolean {
  return session.some(
    (effect) =>
      effect.kind === 'begin' ||
      (effect.kind === 'set' &&
        effect.name === 'autocommit' &&
        !/^(?:1|on)$/i.test(effect.value ?? '')),
  )
}
