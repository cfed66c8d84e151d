// What would show a masked column's values in another way than by putting the column out.
import type { Dialect } from '@articdbm/contract'
import { MODIFIERS } from '../modifiers.ts'
import { assignedWords } from './assigned.ts'
import type { Output } from './output.ts'
import { isSign, isWord, type Word } from './words.ts'

/** What are masked, by their folded names. */
type Columns = Pick<ReadonlySet<string>, 'has'>

export interface Looked {
  readonly words: readonly Word[]
  readonly dialect: Dialect
  readonly columns: Columns
  readonly output: Output | undefined
  /** It changes rows: what it assigns to isn't read. */
  readonly isChange: boolean
}

/** The first way in which it does, in words; undefined where there is none. */
export function otherUse(looked: Looked): string | undefined {
  const { words, output, columns } = looked
  const plain = new Set(plainWords(looked))
  const assigned = looked.isChange ? assignedWords(words) : new Set<number>()
  const used = words.findIndex(
    (word, at) => !plain.has(at) && !assigned.has(at) && isMasked(word, at, looked),
  )
  if (used >= 0) return `it uses "${words[used]?.value}" other than by putting it out as a column`
  if (words.some((_, at) => !plain.has(at) && isStar(words, at))) {
    return 'it takes all columns (*) where they are not put out: name those that it needs'
  }
  return hiddenUse(words) ?? (masksOutput(output, columns) ? misplaced(looked, output) : undefined)
}

function hiddenUse(words: readonly Word[]): string | undefined {
  if (words.some((word) => isWord(word, 'natural'))) return 'NATURAL JOIN may compare it: say ON'
  if (words.some((word) => isWord(word, 'table'))) return 'TABLE takes all columns: say SELECT'
  return undefined
}

/** Whether its list puts out masked columns, or may. */
export function masksOutput(output: Output | undefined, columns: Columns): output is Output {
  return (
    output?.items.some(
      (item) => item.kind === 'star' || (item.kind === 'column' && columns.has(item.column)),
    ) === true
  )
}

/** Words of items that put a column out and do nothing else with it. */
function plainWords({ output, words }: Looked): readonly number[] {
  if (!output) return []
  const found: number[] = []
  let item = 0
  for (let at = output.start; at < output.end; at++) {
    if (words[at]?.depth === 0 && isSign(words[at], ',')) item++
    else if (output.items[item]?.kind !== 'other') found.push(at)
  }
  return found
}

function isMasked(word: Word, at: number, { words, dialect, columns, output }: Looked): boolean {
  if (word.name !== undefined)
    return columns.has(word.name) || isMaskedAlias(word.name, output, columns)
  // SQLite takes a string for a name where only a name can stand.
  const mayBeName = dialect === 'sqlite' && word.kind === 'string'
  if (!mayBeName || !columns.has(word.value.toLowerCase())) return false
  return isSign(words[at - 1], '.') || words.some((one) => isWord(one, 'using'))
}

function isMaskedAlias(name: string, output: Output | undefined, columns: Columns): boolean {
  return (
    output?.items.some(
      (item) => item.kind === 'column' && item.alias === name && columns.has(item.column),
    ) === true
  )
}

function isWithin(at: number, output: Output | undefined): boolean {
  return output !== undefined && at >= output.start && at < output.end
}

/** All columns of something: neither a product nor `count(*)` nor `EXISTS (SELECT * …)` where nothing is compared with it. */
function isStar(words: readonly Word[], at: number): boolean {
  if (!isSign(words[at], '*')) return false
  const before = words[at - 1]
  if (isSign(before, '.', ',')) return true
  if (!isWord(before, 'select', 'returning', ...MODIFIERS)) return false
  const isOfExists = isSign(words[at - 2], '(') && isWord(words[at - 3], 'exists')
  return !isOfExists || words.some((word) => isWord(word, ...COMPARING))
}

const COMPARING = ['union', 'intersect', 'except', 'minus']

/** What sorts, groups, joins or keeps what is put out. */
function misplaced({ words }: Looked, output: Output): string | undefined {
  if (output.isDistinct) return 'DISTINCT compares what it puts out'
  const outside = words.filter((word, at) => word.depth === 0 && !isWithin(at, output))
  const behind = words.slice(output.end).filter(({ depth }) => depth === 0)
  const found =
    outside.find((word) => isWord(word, ...COMPARING)) ??
    behind.find((word) => isWord(word, 'into', 'procedure'))
  if (found) return `${found.value.toUpperCase()} does more with it than to put it out`
  const isPlaced = termsOf(words, output.end).some(isPosition)
  return isPlaced ? 'it sorts or groups by a column’s number: say its name' : undefined
}

/** Of ORDER BY and GROUP BY. */
function termsOf(words: readonly Word[], from: number): readonly (readonly Word[])[] {
  const terms: Word[][] = []
  let isOpen = false
  for (const word of words.slice(from)) {
    const isAtTop = word.depth === 0
    if (isAtTop && isWord(word, ...CLAUSES)) isOpen = word.value === 'by'
    const begins = isAtTop && (isWord(word, 'by') || isSign(word, ','))
    if (isOpen && begins) terms.push([])
    else if (isOpen) terms.at(-1)?.push(word)
  }
  return terms
}

const CLAUSES = [
  ...['by', 'limit', 'offset', 'fetch', 'having', 'window', 'order', 'group', 'for', 'lock'],
  ...['where', 'from'],
]

/** A number, however it is dressed: `1`, `(2) DESC`, `+3 COLLATE x`. */
function isPosition(term: readonly Word[]): boolean {
  const rest = term.filter(
    (word, at) => !isWord(word, ...DRESS) && !isWord(term[at - 1], 'collate'),
  )
  return rest.some(({ kind }) => kind === 'number') && rest.every(({ name }) => name === undefined)
}

const DRESS = ['asc', 'desc', 'nulls', 'first', 'last', 'collate', 'with', 'rollup']
