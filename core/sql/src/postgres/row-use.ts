// What a statement takes of tables without naming columns: PostgreSQL lets a table's name stand for its row.
import { bareOf, namesIn, nodesIn, type Tree, textOf } from './tree.ts'

/** What was found so far of one statement. */
export class RowUse {
  readonly #tables = new Set<string>(CHANGED_ROWS)
  readonly #values = new Set<string>()
  #isHidden = false

  /** A table, or a join, by the name that it has here. */
  noteTable(fields: Tree): void {
    const alias = bareOf(fields, 'alias')
    const name = (alias && textOf(alias, 'aliasname')) ?? textOf(fields, 'relname')
    if (name !== undefined) this.#tables.add(name)
    if (nodesIn(alias?.colnames).length > 0) this.#isHidden = true
  }

  /** RETURNING WITH (OLD AS o). */
  noteName(name: string | undefined): void {
    if (name !== undefined) this.#tables.add(name)
  }

  noteColumn(fields: Tree): void {
    const names = namesIn(fields.fields)
    const isStar = nodesIn(fields.fields).some(({ type }) => type === 'A_Star')
    const last = names.at(-1)
    if (isStar || last === undefined) return
    if (names.length === 1) this.#values.add(last)
    else if (ROW_FUNCTIONS.has(last)) this.#isHidden = true
  }

  absorb(inner: RowUse): void {
    for (const name of inner.#tables) this.#tables.add(name)
    for (const name of inner.#values) this.#values.add(name)
    this.#isHidden ||= inner.#isHidden
  }

  get takesRows(): boolean {
    return this.#isHidden || [...this.#values].some((name) => this.#tables.has(name))
  }
}

/** In ON CONFLICT and RETURNING these are rows without having been named. */
const CHANGED_ROWS = ['excluded', 'old', 'new']

/** Built in, and callable of a row as if they were its columns: `people.to_json` (PostgreSQL manual 4.2.6). */
const ROW_FUNCTIONS: ReadonlySet<string> = new Set([
  ...['to_json', 'to_jsonb', 'row_to_json', 'json_agg', 'jsonb_agg', 'json_agg_strict'],
  ...['jsonb_agg_strict', 'json_build_array', 'jsonb_build_array', 'array_agg', 'any_value'],
  ...['concat', 'quote_literal', 'quote_nullable', 'record_out', 'record_send', 'hash_record'],
  ...['hstore', 'min', 'max', 'mode', 'first_value', 'last_value', 'lag', 'lead'],
])
