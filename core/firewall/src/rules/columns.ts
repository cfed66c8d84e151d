// Which columns a statement may mean, by the words of its normal form: no schema is needed, and no name is overlooked.
import type { Statement } from '@articdbm/sql'
import { MODIFIERS } from '../modifiers.ts'

/** Whether it names a column that fits, or takes all of some table's. */
export function namesColumn(statement: Statement, fits: (name: string) => boolean): boolean {
  if (statement.takesRows || mayTakeAny(statement)) return true
  const words = statement.normalized.match(WORDS) ?? []
  return words.some((word, at) => takesAll(words, at) || fits(nameOf(word)))
}

/** COPY without a list, EXECUTE of what stands elsewhere, DO and CALL. */
function mayTakeAny({ kind, relations }: Statement): boolean {
  if (kind === 'copy' || kind === 'execute') return true
  return relations.some(({ name, access }) => name === '*' && access === 'write')
}

const WORDS = /"(?:[^"]|"")*"|[^\s"]+/g

function nameOf(word: string): string {
  return word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word
}

/** `SELECT *`, `t.*`, `TABLE t`; neither a product nor `count(*)`. */
function takesAll(words: readonly string[], at: number): boolean {
  if (words[at] === 'table') return true
  return words[at] === '*' && BEFORE_ALL.has(words[at - 1] ?? '')
}

const BEFORE_ALL: ReadonlySet<string> = new Set(['select', 'returning', ',', '.', ...MODIFIERS])
