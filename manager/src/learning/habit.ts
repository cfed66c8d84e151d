// From a statement of the audit to the row of its habit.
import { createHash } from 'node:crypto'
import { dialectOf, type Engine } from '@articdbm/contract'
import { habitOf, TRAITS_VERSION, type Trait, traitsOf } from '@articdbm/firewall'
import { analyze } from '@articdbm/sql'
import type { PastStatement } from '../audit/statements.ts'
import type { KnownHabit, NewHabit } from './store.ts'

/** Longer samples are kept by their beginning, and can't be learnt anew. */
const MAX_SAMPLE = 65_536

/** The traits of a statement of the audit; undefined where its text can't be read whole. */
export function traitsOfPast(
  row: Pick<PastStatement, 'sql_text' | 'engine' | 'is_truncated'>,
): readonly Trait[] | undefined {
  if (row.is_truncated || row.sql_text.length > MAX_SAMPLE) return undefined
  const analysis = analyze(row.sql_text, dialectOf(row.engine as Engine))
  const [traits, more] = traitsOf(analysis)
  const isWhole = analysis.statements.every((statement) => statement.isComplete)
  return isWhole && more === undefined ? traits : undefined
}

export function habitRow(
  row: PastStatement,
  traits: readonly Trait[],
  state: NewHabit['state'],
): NewHabit {
  const habit = habitOf(traits)
  const owner = [row.database_id, row.principal_id, row.application]
  return {
    id: createHash('sha256')
      .update(JSON.stringify([...owner, habit]))
      .digest('hex')
      .slice(0, 32),
    database_id: row.database_id,
    principal_id: row.principal_id,
    application: row.application,
    ...{ habit, state, sample: row.sql_text },
    traits: JSON.stringify(traits.map(({ key }) => key)),
    traits_version: TRAITS_VERSION,
    seen: 1,
    first_seen_at: row.at,
    last_seen_at: row.at,
  }
}

/** As this program makes them: those of an earlier version are made anew of the sample. */
export function keysOf(row: KnownHabit, engine: string): readonly { readonly key: string }[] {
  if (Number(row.traits_version) === TRAITS_VERSION) {
    return (JSON.parse(row.traits) as string[]).map((key) => ({ key }))
  }
  return traitsOfPast({ sql_text: row.sample, engine, is_truncated: false }) ?? []
}
