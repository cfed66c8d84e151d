// The pieces of what reads or changes rows, each with its place: conditions, columns, tables beside, words that change what is done.
import { type Branch, bare, type Clause, type Node, partsOf } from '../injection/tree/node.ts'
import type { Reading, Visited } from '../injection/tree/read.ts'
import { formOf } from './expression.ts'
import { isTop, nameOf, type Place, placesOf } from './places.ts'

/** What a trait is made of, and how it is told. */
export type Piece = readonly [text: string, inWords: string]

/** Begins the text of a piece that optional filters, columns and sorting bring: a detail, where all else is structure. */
export const DETAIL = '~'

/** More columns than these have no pairs. */
const MAX_PAIRED = 24

export function ofReading(reading: Reading): readonly Piece[] {
  const places = placesOf(reading)
  const all = [...places.values()]
  return [
    ...all.flatMap(ofPlace),
    ...reading.visited.flatMap((one) => ofNode(one, places.get(one.branch))),
    ...all.flatMap(ofValues),
    ...all.flatMap(ofAssigned),
    ...ofWords(reading, all[0]),
  ]
}

function ofPlace({ text, branch, first }: Place): readonly Piece[] {
  const { joinedBy } = branch
  const whole: Piece[] =
    first !== '' && partsOf(branch, 'where').length === 0
      ? [[`${text}: all`, `all of ${first}, without WHERE`]]
      : []
  const set: Piece[] = joinedBy
    ? [[`set ${joinedBy.value}`, `a ${joinedBy.value.toUpperCase()}`]]
    : []
  return [...set, [`at ${text}`, text], ...whole]
}

const CONDITIONS: ReadonlySet<Clause> = new Set(['where', 'on', 'having'])

/** Of what stands for itself: a condition between ANDs and ORs, an item of a list. */
function ofNode(one: Visited, place: Place | undefined): readonly Piece[] {
  const { node, clause } = one
  if (!place) return []
  const within = `in ${clause.toUpperCase()}`
  if (node.kind === 'subquery') return [pieceOf(place, `a query ${within}`)]
  if (CONDITIONS.has(clause)) return conditionIn(one, place)
  if (!isTop(one) || clause === 'values') return []
  return formsOf(node, clause).map((form) =>
    pieceOf(place, `${form} ${within}`, isDetail(form, clause)),
  )
}

/** A name or a constant, or a column that is set to one. */
const ITEM = /^[^\s()]+(?: = (?:[snbtp]|null))?$/
const CONSTANT = /^(?:[snbtp]|null)$/
/** One column, and what it is compared to: `status = s`, `day >= p`, `title not like s`, `price between n and n`. */
const FILTER = /^[^\s()]+(?: [a-z<>=!]+){1,2} (?:[snbtp]|null)(?: (?:and|between) [snp])?$/
/** Names have more than a letter, or a dot; a condition of constants is no filter. */
const CONSTANT_FIRST = /^(?:[snbtp]|null) /

/** Programs sort by columns and limit by numbers; the other way about somebody is asking. */
function isDetail(form: string, clause: Clause): boolean {
  if (clause === 'limit') return CONSTANT.test(form)
  const isSorting = clause === 'order' || clause === 'group'
  return ITEM.test(form) && !(isSorting && CONSTANT.test(form))
}

function pieceOf(place: Place, what: string, isDetail = false): Piece {
  return [`${isDetail ? DETAIL : ''}${place.text}: ${what}`, told(what, place)]
}

function told(what: string, { first }: Place): string {
  return first === '' ? what : `${what} (${first})`
}

/** An INSERT's columns come each by itself, as programs leave out those that have no value. */
function formsOf(node: Node, clause: Clause): readonly string[] {
  if (clause !== 'other' || node.kind !== 'call') return [formOf(node)]
  return [node.name, ...node.args.map((one) => formOf(one))]
}

function conditionIn({ node, clause, parent }: Visited, place: Place): readonly Piece[] {
  const chain = isChain(node) ? undefined : chainAround(parent)
  if (chain === undefined) return []
  const form = formOf(node)
  const within = `in ${clause.toUpperCase()}`
  if (chain === 'or') return [pieceOf(place, `${form} behind OR ${within}`)]
  const isFilter = FILTER.test(form) && !CONSTANT_FIRST.test(form)
  return [pieceOf(place, `${form} ${within}`, isFilter)]
}

function isChain(node: Node): boolean {
  const inner = bare(node)
  return inner.kind === 'operation' && (inner.family === 'and' || inner.family === 'or')
}

/** What joins a condition to others, parentheses left out; undefined where it is part of another expression. */
function chainAround(parent: Visited | undefined): 'and' | 'or' | undefined {
  for (let above = parent; above && above.node.kind !== 'subquery'; above = above.parent) {
    const { node } = above
    if (node.kind === 'operation' && node.family === 'or') return 'or'
    const isAnd = node.kind === 'operation' && node.family === 'and'
    const isWrap = node.kind === 'several' && node.items.length === 1
    if (!isAnd && !isWrap) return undefined
  }
  return 'and'
}

/** Rows by column: `body is s`, whether there are several, and nothing of NULL, since any column may have it. */
function ofValues(place: Place): readonly Piece[] {
  const rows = partsOf(place.branch, 'values')
  const columns = columnsOf(place.branch)
  const forms = new Set(rows.flatMap((row) => cellsOf(row, columns)))
  const cells = [...forms].map((form) => pieceOf(place, `${form} in VALUES`, CELL.test(form)))
  return rows.length < 2 ? cells : [...cells, pieceOf(place, 'several rows in VALUES')]
}

const CELL = / is [snbtp]$/

function cellsOf(row: Node, columns: readonly string[]): readonly string[] {
  const cells = row.kind === 'several' ? row.items : [row]
  const forms = cells.map((cell, at) => `${columns[at] ?? at} is ${formOf(cell)}`)
  return forms.filter((form) => !form.endsWith(' is null'))
}

function columnsOf(branch: Branch): readonly string[] {
  const into = partsOf(branch, 'other').find(({ kind }) => kind === 'call')
  return into?.kind === 'call' ? into.args.map((one) => formOf(one)) : []
}

/** Which columns are changed together: who can write one column's value could add another one. */
function ofAssigned(place: Place): readonly Piece[] {
  const columns = [...new Set(partsOf(place.branch, 'set').flatMap(assignedBy))].sort()
  if (columns.length > MAX_PAIRED) return [pieceOf(place, 'very many columns in SET')]
  return columns.flatMap((left, at) =>
    columns
      .slice(at + 1)
      .map((right) => pieceOf(place, `${left} set together with ${right}`, true)),
  )
}

function assignedBy(node: Node): readonly string[] {
  const target = node.kind === 'operation' ? node.operands[0] : node
  const name = target && nameOf(bare(target))
  return name === undefined ? [] : [name]
}

/** Words that change what is done, and leave nothing in the tree. Directions of sorting are no such words. */
const WORDS: ReadonlySet<string> = new Set(
  (
    'distinct distinctrow procedure lock for share ignore duplicate conflict nothing returning rollup natural cross ' +
    'left right full outer lateral recursive collate not tablesample high_priority low_priority delayed quick force ' +
    'partition window into only ties materialized overriding'
  ).split(' '),
)

function ofWords({ statement }: Reading, outer: Place | undefined): readonly Piece[] {
  const { normalized } = statement
  const said = new Set(normalized.split(' ').filter((word) => WORDS.has(word)))
  if (!outer) return []
  const words = [...said].map((word) => pieceOf(outer, `the word ${word.toUpperCase()}`, true))
  // To the engine two strings side by side are one; a program writes one.
  const isSplit = normalized.includes('? ?')
  return isSplit ? [...words, pieceOf(outer, 'a string in two pieces')] : words
}
