import { inspect } from '@articdbm/firewall'
import { analyze, shapeOf } from '@articdbm/sql'
import type { Labelled } from './corpus.ts'

export interface Row {
  readonly dialect: string
  readonly category: string
  readonly isInjected: boolean
  readonly count: number
  /** By a finding. */
  readonly blocked: number
  readonly alerted: number
  /** Refused because it wasn't wholly understood. */
  readonly unread: number
}

/** A row a dialect, label and category, in their order. */
export function judgeAll(corpus: readonly Labelled[]): readonly Row[] {
  const groups = Map.groupBy(
    corpus,
    ({ dialect, isInjected, category }) =>
      `${dialect} ${isInjected ? 'injected' : 'benign'} ${category}`,
  )
  return [...groups]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .flatMap(([, group]) => {
      const [first] = group
      return first ? [{ ...first, count: group.length, ...judgeGroup(group) }] : []
    })
}

function judgeGroup(group: readonly Labelled[]): Pick<Row, 'blocked' | 'alerted' | 'unread'> {
  const verdicts = group.map(({ sql, dialect }) => inspect(analyze(sql, dialect)))
  const unread = verdicts.filter(({ rule }) => rule === 'statement.incomplete').length
  return {
    unread,
    blocked: verdicts.filter(({ action }) => action === 'block').length - unread,
    alerted: verdicts.filter(({ action }) => action === 'alert').length,
  }
}

export interface Speed {
  readonly median: number
  readonly p99: number
}

/** Microseconds a statement: read and judged for the first time. */
export function speedOfNew(corpus: readonly Labelled[]): Speed {
  return speedOf(corpus, ({ sql, dialect }) => inspect(analyze(sql, dialect)))
}

/** Microseconds to find out that a statement's shape is known. */
export function speedOfKnown(corpus: readonly Labelled[]): Speed {
  const shapes = (one: Labelled) => shapeOf(one.sql, one.dialect)
  const known = new Set(corpus.map((one) => shapes(one)?.key))
  return speedOf(
    corpus.filter((one) => shapes(one)),
    (one) => known.has(shapes(one)?.key),
  )
}

function speedOf(corpus: readonly Labelled[], judge: (one: Labelled) => unknown): Speed {
  for (const one of corpus.slice(0, 2_000)) judge(one)
  const times = corpus
    .map((one) => {
      const begun = performance.now()
      judge(one)
      return (performance.now() - begun) * 1_000
    })
    .sort((left, right) => left - right)
  const at = (share: number) => times[Math.floor(times.length * share)] ?? 0
  return { median: at(0.5), p99: at(0.99) }
}

const HOSTILE: Readonly<Record<string, string>> = {
  '10,000 parentheses': `SELECT ${'('.repeat(10_000)}1${')'.repeat(10_000)}`,
  'a literal of 1 MB': `SELECT * FROM t WHERE a = '${'x'.repeat(999_900)}'`,
  '100,000 tokens': `SELECT * FROM t WHERE a IN (${'1,'.repeat(50_000)}1)`,
  '30,000 conditions': `SELECT * FROM t WHERE a = 1${' OR 1 = 1'.repeat(30_000)}`,
  '30,000 UNIONs': `SELECT a FROM t WHERE b = 1${' UNION SELECT 1'.repeat(30_000)}`,
  '20,000 statements': 'SELECT 1;'.repeat(20_000),
  '30,000 comments': `SELECT 1${'/**/'.repeat(30_000)}`,
  '50,000 signs': `SELECT ${'- '.repeat(50_000)}1`,
}

/** Milliseconds for texts that are made to take long, a row each. */
export function hostileTimes(): readonly {
  readonly name: string
  readonly ms: Readonly<Record<string, number>>
}[] {
  return Object.entries(HOSTILE).map(([name, sql]) => {
    const ms = (['postgres', 'mysql', 'sqlite'] as const).map((dialect) => {
      const begun = performance.now()
      inspect(analyze(sql, dialect))
      return [dialect, performance.now() - begun] as const
    })
    return { name, ms: Object.fromEntries(ms) }
  })
}
