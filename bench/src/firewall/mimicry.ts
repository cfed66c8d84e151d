// Injections made of nothing but what the application itself sends, by somebody who has read its source: the hardest to tell.
import { type Analysis, analyze } from '@articdbm/sql'
import type { Traffic } from './traffic.ts'

const NARROWING = (value: string, { condition }: Other): string => `${value} AND ${condition}`

/** A value goes on as a piece of another statement. */
const WAYS: readonly ((value: string, other: Other) => string)[] = [
  (value, { text }) => `${value} UNION ${text}`,
  (value, { text }) => `${value} UNION ALL ${text}`,
  (value, { condition }) => `${value} OR ${condition}`,
  NARROWING,
  (_, { text }) => `(${text})`,
  (value, { text }) => `${value} AND EXISTS (${text})`,
  (value, { text }) => `${value}; ${text}`,
]

interface Other {
  readonly text: string
  readonly condition: string
}

/** `count` are tried; those stay that a database would read, as something that the application doesn't mean. */
export function mimicsOf(
  { dialect, statements }: Traffic,
  count: number,
  random: () => number,
): readonly Analysis[] {
  const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T
  const known = new Set(statements.map((sql) => normalOf(analyze(sql, dialect))))
  const filters = new Set(statements.map((sql) => filterOf(tableOf(sql), conditionOf(sql))))
  return Array.from({ length: count }).flatMap(() => {
    const text = one(statements)
    const other = { text: one(statements), condition: conditionOf(one(statements)) }
    const way = one(WAYS)
    // What a page's table is filtered by anyway makes the page no larger and tells nothing else.
    if (way === NARROWING && filters.has(filterOf(tableOf(text), other.condition))) return []
    const changed = analyze(
      spliced(text, (value) => way(value, other), random),
      dialect,
    )
    const isNew = !known.has(normalOf(changed))
    return isNew && isInjection(changed, analyze(text, dialect)) ? [changed] : []
  })
}

function conditionOf(sql: string): string {
  return /\bWHERE (.+?)(?: ORDER BY| LIMIT|$)/i.exec(sql)?.[1] ?? '1 = 1'
}

function filterOf(table: string, condition: string): string {
  const form = condition.replace(/'(?:[^']|'')*'|\b\d+\b/g, '?').replace(/[`"]/g, '')
  return `${table} ${form.replace(/ in \(\?(?:, \?)*\)/gi, ' = ?')}`
}

function spliced(sql: string, put: (value: string) => string, random: () => number): string {
  const places = [...sql.matchAll(/'(?:[^']|'')*'|\b\d+\b/g)]
  const place = places[Math.floor(random() * places.length)]
  if (!place) return sql
  return sql.slice(0, place.index) + put(place[0]) + sql.slice(place.index + place[0].length)
}

function tableOf(sql: string): string {
  return /\b(?:FROM|INTO|UPDATE) (\S+)/i.exec(sql)?.[1]?.replace(/[`"]/g, '') ?? ''
}

function normalOf({ statements }: Analysis): string {
  return statements.map(({ normalized }) => normalized).join(';')
}

/** The database would read it, and as something else than what the application meant. */
export function isInjection(changed: Analysis, meant: Analysis): boolean {
  return (
    changed.statements.every(({ isComplete }) => isComplete) && formOf(changed) !== formOf(meant)
  )
}

function formOf({ statements, tokens }: Analysis): string {
  const comments = tokens.filter(({ kind }) => kind === 'comment').length
  return `${statements.map(({ normalized }) => normalized).join(';')} ${comments}`
}
