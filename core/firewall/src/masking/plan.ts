// Whether a statement shows masked columns, in which places, and when it can't be told: then it is refused.
import type { MaskForm } from '@articdbm/contract'
import type { Statement, Token } from '@articdbm/sql'
import { classifyRelation } from '../resources.ts'
import type { Refusal } from '../verdicts.ts'
import type { CompiledMask } from './masks.ts'
import { type Output, outputOf } from './output.ts'
import { masksOutput, otherUse } from './uses.ts'
import { wordsOf } from './words.ts'

/** How the columns of a result are shown. */
export interface MaskPlan {
  /** By their places, where each is named; else undefined. */
  readonly places: readonly (MaskForm | undefined)[] | undefined
  /** By their names, folded: of a result that has all columns of some table. */
  readonly names: ReadonlyMap<string, MaskForm>
  /** What the database says of a row that it couldn't change would show it. */
  readonly hidesDetails: boolean
}

/** Undefined: nothing of it is masked. */
export type Masking =
  | { readonly kind: 'plan'; readonly plan: MaskPlan }
  | { readonly kind: 'refused'; readonly refusal: Refusal }

/** One a statement of a request, in order; none at all where nothing is masked. `tokens`: of the whole request. */
export function maskingsOf(
  statements: readonly Statement[],
  tokens: readonly Token[],
  masks: readonly CompiledMask[],
): readonly (Masking | undefined)[] {
  if (masks.length === 0) return []
  return statements.map((statement) => maskingOf(statement, tokens, masks))
}

function maskingOf(
  statement: Statement,
  tokens: readonly Token[],
  masks: readonly CompiledMask[],
): Masking | undefined {
  // It is refused whatever it masks.
  if (!statement.isComplete) return undefined
  if (tellsWarnings(statement)) return WARNINGS_HIDDEN
  if (statement.kind === 'get') {
    return refused('masking.form', 'GET DIAGNOSTICS tells values of rows')
  }
  const beyond = reachesBeyond(statement)
  if (beyond !== undefined) return refused('masking.form', beyond)
  const touched = masks.filter(({ fitsTable }) =>
    statement.relations.some(({ name, schema }) => fitsTable(name, schema)),
  )
  const masking = touched.length === 0 ? undefined : planFor(statement, tokens, touched)
  return masking ?? (showsDetails(statement) ? DETAILS_HIDDEN : undefined)
}

/**
 * PostgreSQL shows the whole row that a constraint refuses, MySQL the values of a key that is there twice: of this table, or
 * of one that a key cascades to.
 */
function showsDetails({ dialect, effects }: Statement): boolean {
  return dialect !== 'sqlite' && effects.includes('write')
}

/** MySQL's warnings say what errors would. */
function tellsWarnings({ dialect, normalized }: Statement): boolean {
  return dialect === 'mysql' && /^show (?:warnings|errors)\b/.test(normalized)
}

const WARNINGS_HIDDEN: Masking = {
  kind: 'plan',
  plan: { places: undefined, names: new Map([['message', 'full']]), hidesDetails: false },
}

const DETAILS_HIDDEN: Masking = {
  kind: 'plan',
  plan: { places: undefined, names: new Map(), hidesDetails: true },
}

function refused(rule: string, why: string): Masking {
  return {
    kind: 'refused',
    refusal: {
      rule,
      message: `this database has columns that are masked for you, and they may only be put out as they are: ${why}`,
    },
  }
}

/** What may read any table without naming it. */
function reachesBeyond({ relations, functions, dialect }: Statement): string | undefined {
  const call = functions.find(({ danger }) => danger === 'danger' || danger === 'unknown')
  if (call) return `nobody knows what ${call.name} reads`
  const isOpaque = relations.some(({ name, access }) => name === '*' && access === 'write')
  if (isOpaque) return 'nobody knows what it reads'
  const secret = relations.find((relation) => classifyRelation(dialect, relation) === 'secret')
  return secret && `${secret.name} tells of other tables’ values`
}

const CHANGES: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'replace', 'merge'])
const SHOWS_NO_ROWS: ReadonlySet<string> = new Set(['explain', 'show', 'describe', 'pragma'])
const TAKES_ROWS_IN: ReadonlySet<string> = new Set([
  'copy',
  'load data',
  'lock table',
  'lock tables',
])

function planFor(
  statement: Statement,
  tokens: readonly Token[],
  masks: readonly CompiledMask[],
): Masking | undefined {
  const { kind } = statement
  if (!isMaskable(statement)) {
    return refused('masking.form', `what ${kind.toUpperCase()} gives can’t be masked`)
  }
  if (SHOWS_NO_ROWS.has(kind) && kind !== 'explain') return undefined
  if (TAKES_ROWS_IN.has(kind)) return undefined
  if (statement.takesRows) return refused('masking.used', 'it takes whole rows, or renames columns')
  const words = wordsOf(statement, tokens)
  const isChange = CHANGES.has(kind)
  const output = outputOf(words, isChange ? 'returning' : 'select')
  const columns = formsByName(masks)
  const { dialect } = statement
  const why = otherUse({ words, dialect, columns, output, isChange })
  if (why !== undefined) return refused('masking.used', why)
  if (kind !== 'explain') return planned(output, columns, showsDetails(statement))
  // SHOW WARNINGS tells the query as MySQL has worked it out: with the values of a row that a key names.
  return dialect === 'mysql' && masksOutput(output, columns)
    ? refused('masking.form', 'EXPLAIN tells values: leave these columns out of what is explained')
    : undefined
}

function isMaskable({ kind, effects, relations }: Statement): boolean {
  if (effects.includes('define')) return false
  if (TAKES_ROWS_IN.has(kind))
    return relations.every(({ access }) => access === 'write') || kind === 'lock tables'
  return kind === 'select' || CHANGES.has(kind) || SHOWS_NO_ROWS.has(kind)
}

function planned(
  output: Output | undefined,
  names: ReadonlyMap<string, MaskForm>,
  hidesDetails: boolean,
): Masking | undefined {
  if (!masksOutput(output, names)) return undefined
  const { items } = output
  const hasStar = items.some(({ kind }) => kind === 'star')
  const renamed = items.find(
    (item) => item.kind === 'column' && item.alias !== undefined && names.has(item.column),
  )
  if (hasStar && renamed) {
    return refused('masking.used', 'it takes all columns (*), and one of them by another name')
  }
  const places = hasStar
    ? undefined
    : items.map((item) => (item.kind === 'column' ? names.get(item.column) : undefined))
  return { kind: 'plan', plan: { places, names, hidesDetails } }
}

/** Where several masks are on one column, what hides most. */
function formsByName(masks: readonly CompiledMask[]): ReadonlyMap<string, MaskForm> {
  const ordered = masks.toSorted(
    (one, other) => HIDING.indexOf(one.form) - HIDING.indexOf(other.form),
  )
  return new Map(ordered.map(({ column, form }) => [column, form]))
}

/** From what shows most to what shows least: the last one counts. */
const HIDING: readonly MaskForm[] = ['partial', 'hash', 'full', 'null']
