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
import { makeLargeTraffic } from './large-traffic.ts'
import { isInjection, mimicsOf } from './mimicry.ts'
import { makeTraffic, randomFrom, type Traffic } from './traffic.ts'

export interface LearntRow {
  readonly application: string
  readonly learnt: number
  readonly novelty: number
  readonly structureNovelty: number
  readonly benign: number
  readonly falselyBlocked: number
  readonly injected: number
  readonly blocked: number
  /** Made of what the application itself sends. */
  readonly mimics: number
  readonly mimicsBlocked: number
}

const TRAFFIC = 4_000
const SEED = 1
const MAX_PAYLOADS = 10_000
const MIMICS = 4_000
const LARGE = [
  { tables: 5, count: 20_000 },
  { tables: 20, count: 10_000 },
  { tables: 20, count: 20_000 },
  { tables: 20, count: 60_000 },
  { tables: 60, count: 40_000 },
]

/** Payloads are those of the corpus, put in the place of each application's values. */
export function judgeTraffic(corpus: readonly Labelled[]): readonly LearntRow[] {
  const large = LARGE.map((size) => makeLargeTraffic(size, 'mysql', SEED))
  return [...makeTraffic(TRAFFIC, SEED), ...large].map((traffic) => judgeOne(traffic, corpus))
}

function judgeOne(traffic: Traffic, corpus: readonly Labelled[]): LearntRow {
  const { application, dialect, statements } = traffic
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
  const mimics = mimicsOf(traffic, MIMICS, random)
  return {
    application,
    mimics: mimics.length,
    mimicsBlocked: mimics.filter((one) => isBlocked(one, learnt)).length,
    learnt: half,
    novelty: learnt.novelty,
    structureNovelty: learnt.structureNovelty,
    benign: rest.length,
    falselyBlocked: rest.filter((sql) => isBlocked(analyze(sql, dialect), learnt)).length,
    injected: injected.length,
    blocked: injected.filter((one) => isBlocked(one, learnt)).length,
  }
}

export function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
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

export function learn(analyses: readonly Analysis[]): Learnt {
  const learner = new Learner()
  for (const traits of analyses.flatMap(traitsOf)) learner.learn(traits)
  return learner.learnt
}

export function isBlocked(analysis: Analysis, learnt: Learnt): boolean {
  if (analysis.statements.some((statement) => !statement.isComplete)) return true
  const found = scoreOf(findInjection(analysis))
  if (found.action === 'block') return true
  const strange = { traits: traitsOf(analysis), score: found.score }
  return judgeByLearning(learnt, strange).action === 'block'
}
