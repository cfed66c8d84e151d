// How learning judges: half of an application's statements are learnt, and the other half, and what is injected, are judged.
import {
  findInjection,
  judgeByLearning,
  Learner,
  type Learnt,
  scoreOf,
  traitsOf,
} from '@articdbm/firewall'
import { type Analysis, analyze } from '@articdbm/sql'
import type { Labelled } from './corpus.ts'
import { makeTraffic, randomFrom, type Traffic } from './traffic.ts'

export interface LearntRow {
  readonly application: string
  readonly learnt: number
  readonly novelty: number
  readonly benign: number
  readonly falselyBlocked: number
  readonly injected: number
  readonly blocked: number
}

const TRAFFIC = 4_000
const SEED = 1
const MAX_PAYLOADS = 10_000

/** Payloads are those of the corpus, put in the place of each application's values. */
export function judgeTraffic(corpus: readonly Labelled[]): readonly LearntRow[] {
  return makeTraffic(TRAFFIC, SEED).map((traffic) => judgeOne(traffic, corpus))
}

function judgeOne(
  { application, dialect, statements }: Traffic,
  corpus: readonly Labelled[],
): LearntRow {
  const half = statements.length / 2
  const learnt = learn(statements.slice(0, half).map((sql) => analyze(sql, dialect)))
  const rest = statements.slice(half)
  const random = randomFrom(SEED + 1)
  const payloads = shuffled([...new Set(corpus.flatMap(({ payload }) => payload ?? []))], random)
  const injected = payloads.slice(0, MAX_PAYLOADS).flatMap((payload) => {
    const sql = rest[Math.floor(random() * rest.length)] ?? ''
    const changed = analyze(inject(sql, payload, random), dialect)
    return isInjection(changed, analyze(sql, dialect)) ? [changed] : []
  })
  return {
    application,
    learnt: half,
    novelty: learnt.novelty,
    benign: rest.length,
    falselyBlocked: rest.filter((sql) => isBlocked(analyze(sql, dialect), learnt)).length,
    injected: injected.length,
    blocked: injected.filter((one) => isBlocked(one, learnt)).length,
  }
}

function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((left, right) => left.at - right.at)
    .map(({ item }) => item)
}

/** A value is replaced, its quotes stay. */
function inject(sql: string, payload: string, random: () => number): string {
  const places = [...sql.matchAll(/'(?:[^']|'')*'|\b\d+\b/g)]
  const place = places[Math.floor(random() * places.length)]
  if (!place) return sql
  const [value] = place
  const put = value.startsWith("'") ? `'${payload}'` : payload
  return sql.slice(0, place.index) + put + sql.slice(place.index + value.length)
}

/** The database would read it, and as something else than what the application meant. */
function isInjection(changed: Analysis, meant: Analysis): boolean {
  return (
    changed.statements.every(({ isComplete }) => isComplete) && formOf(changed) !== formOf(meant)
  )
}

function formOf({ statements, tokens }: Analysis): string {
  const comments = tokens.filter(({ kind }) => kind === 'comment').length
  return `${statements.map(({ normalized }) => normalized).join(';')} ${comments}`
}

function learn(analyses: readonly Analysis[]): Learnt {
  const learner = new Learner()
  for (const traits of analyses.flatMap(traitsOf)) learner.learn(traits)
  return learner.learnt
}

function isBlocked(analysis: Analysis, learnt: Learnt): boolean {
  if (analysis.statements.some((statement) => !statement.isComplete)) return true
  const found = scoreOf(findInjection(analysis))
  if (found.action === 'block') return true
  const strange = { traits: traitsOf(analysis), score: found.score }
  return judgeByLearning(learnt, strange).action === 'block'
}
