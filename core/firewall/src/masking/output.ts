// What a statement puts out: its list of columns, item by item.
import { MODIFIERS } from '../modifiers.ts'
import { foldName, isSign, isWord, type Word } from './words.ts'

export type OutputItem =
  /** A column, by whatever name it is put out. */
  | { readonly kind: 'column'; readonly column: string; readonly alias: string | undefined }
  | { readonly kind: 'star' }
  | { readonly kind: 'other' }

export interface Output {
  readonly items: readonly OutputItem[]
  /** The words of the list, end excluded. */
  readonly start: number
  readonly end: number
  readonly isDistinct: boolean
}

/** SELECT's list, or RETURNING's; undefined where there is neither outside of brackets. */
export function outputOf(words: readonly Word[], by: 'select' | 'returning'): Output | undefined {
  const found = words.findIndex((word) => word.depth === 0 && isWord(word, by))
  if (found < 0) return undefined
  let start = found + 1
  while (isWord(words[start], ...MODIFIERS)) start++
  const isDistinct = words.slice(found, start).some((word) => isWord(word, ...DISTINCT))
  const end = endFrom(words, start)
  const items = split(words.slice(start, end)).map(itemOf)
  return { items, start, end, isDistinct }
}

const DISTINCT = ['distinct', 'distinctrow']

const ENDS = [
  ...['from', 'into', 'where', 'group', 'having', 'window', 'order', 'limit', 'offset', 'fetch'],
  ...['for', 'lock', 'union', 'intersect', 'except', 'minus', 'procedure'],
]

function endFrom(words: readonly Word[], start: number): number {
  for (let at = start; at < words.length; at++) {
    const isEnd = words[at]?.depth === 0 && isWord(words[at], ...ENDS)
    // `a IS DISTINCT FROM b`
    if (isEnd && !isWord(words[at - 1], 'distinct')) return at
  }
  return words.length
}

function split(words: readonly Word[]): readonly (readonly Word[])[] {
  const items: Word[][] = [[]]
  for (const word of words) {
    if (word.depth === 0 && isSign(word, ',')) items.push([])
    else items.at(-1)?.push(word)
  }
  return items
}

/** `*`, `t.*`, `column`, `t.column`, and a column with another name behind it. */
function itemOf(words: readonly Word[]): OutputItem {
  let at = 0
  let column: string | undefined
  for (;;) {
    if (isSign(words[at], '*')) return { kind: at + 1 === words.length ? 'star' : 'other' }
    column = words[at]?.name
    if (column === undefined) return { kind: 'other' }
    at++
    if (!isSign(words[at], '.')) break
    at++
  }
  return columnItem(column, words.slice(at))
}

function columnItem(column: string, behind: readonly Word[]): OutputItem {
  if (behind.length === 0) return { kind: 'column', column, alias: undefined }
  const [first, ...more] = isWord(behind[0], 'as') ? behind.slice(1) : behind
  if (first === undefined) return { kind: 'other' }
  const alias = first.name ?? (first.kind === 'string' ? foldName(first.value) : undefined)
  if (alias === undefined || more.length > 0) return { kind: 'other' }
  return { kind: 'column', column, alias }
}
