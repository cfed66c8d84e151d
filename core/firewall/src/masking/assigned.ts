// Where a change names columns to write to them: that shows nothing of what they hold.
import { isSign, isWord, type Word } from './words.ts'

/** Indexes of words that name a column that is written, or the value that is about to be. */
export function assignedWords(words: readonly Word[]): ReadonlySet<number> {
  const begins = words.flatMap((word, at) =>
    word.depth === 0 && beginsSet(words, at) ? [at + 1] : [],
  )
  const set = begins.flatMap((from) => [...setColumns(words, from), ...broughtColumns(words, from)])
  return new Set([...insertedColumns(words), ...set])
}

/** INSERT INTO t (a, b): the first brackets behind the table, where they hold names alone. */
function insertedColumns(words: readonly Word[]): readonly number[] {
  const into = words.findIndex((word) => word.depth === 0 && isWord(word, 'into'))
  if (into < 0) return []
  const open = words.findIndex((word, at) => at > into && word.depth === 0 && isSign(word, '('))
  if (open < 0 || !words.slice(into + 1, open).every(isOfTable)) return []
  const close = words.findIndex((word, at) => at > open && word.depth === 0 && isSign(word, ')'))
  const inside = words.slice(open + 1, close)
  const isList = inside.every((word, at) =>
    at % 2 === 0 ? word.name !== undefined : isSign(word, ','),
  )
  return isList ? inside.map((_, at) => open + 1 + at) : []
}

function isOfTable(word: Word): boolean {
  return isSign(word, '.') || (word.name !== undefined && !isWord(word, ...NO_LIST))
}

const NO_LIST = ['values', 'value', 'select', 'set', 'default', 'with', 'table']

/** UPDATE t SET, INSERT INTO t SET, DO UPDATE SET, THEN UPDATE SET, ON DUPLICATE KEY UPDATE. */
function beginsSet(words: readonly Word[], at: number): boolean {
  const [verb, before] = [words[at], words[at - 1]]
  if (isWord(verb, 'update')) return isWord(before, 'key') && isWord(words[at - 2], 'duplicate')
  if (!isWord(verb, 'set') || isWord(before, 'as')) return false
  if (isWord(before, 'update')) return isWord(words[at - 2], 'do', 'then')
  // What may stand between UPDATE or INSERT INTO and its SET is a table, or several.
  return !words.slice(0, at).some((word) => word.depth === 0 && isWord(word, ...NOT_BEFORE_SET))
}

const NOT_BEFORE_SET = ['select', 'values', 'value', 'delete', 'merge', 'returning', 'where']

const SET_ENDS: readonly string[] = [
  ...['where', 'from', 'order', 'limit', 'returning', 'on', 'select', 'values', 'when', 'as'],
  ...['union', 'join', 'using', 'set'],
]

function endOfSet(words: readonly Word[], from: number): number {
  const end = words.findIndex(
    (word, at) => at >= from && word.depth === 0 && isWord(word, ...SET_ENDS),
  )
  return end < 0 ? words.length : end
}

/** SET a = 1, t.b = 2: the names in front of the signs. */
function setColumns(words: readonly Word[], from: number): readonly number[] {
  const found: number[] = []
  let isName = true
  const end = endOfSet(words, from)
  for (let at = from; at < end; at++) {
    const word = words[at]
    if (word === undefined || word.depth > 0) continue
    if (isSign(word, ',')) isName = true
    else if (isName && isSign(word, '=', ':=')) found.push(at - 1)
    if (isName && word.name === undefined && !isSign(word, '.', ',')) isName = false
  }
  return found
}

/** `excluded.a` and `VALUES(a)` are what an INSERT brings, where nothing else is called so. */
function broughtColumns(words: readonly Word[], from: number): readonly number[] {
  const isRow = words.every((word, at) => word.name !== 'excluded' || isSign(words[at + 1], '.'))
  return words.flatMap((word, at) => {
    if (at < from) return []
    if (isRow && word.name === 'excluded' && word.depth === 0) return [at + 2]
    const isValues =
      isWord(word, 'values') && isSign(words[at + 1], '(') && isSign(words[at + 3], ')')
    return isValues && isWord(words[from - 1], 'update') ? [at + 2] : []
  })
}
