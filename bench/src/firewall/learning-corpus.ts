// How learning judges the public statements: each source of meant ones as an application, and what is injected into pages against those pages.
import { judgeByLearning, type Learnt, traitsOf } from '@articdbm/firewall'
import { type Analysis, analyze } from '@articdbm/sql'
import type { Labelled } from './corpus.ts'
import { isBlocked, learn, shuffled } from './learning.ts'
import { randomFrom } from './traffic.ts'

export interface HalfRow {
  readonly dialect: string
  readonly category: string
  readonly sources: number
  readonly judged: number
  /** Of the other half: with a trait that no learnt one had. */
  readonly strange: number
  readonly blocked: number
  /** Blocked by a list of digests, for comparison. */
  readonly unlisted: number
}

const SEED = 1

/** Half of each source of a category is learnt, the other half is judged. */
export function judgeHalves(corpus: readonly Labelled[]): readonly HalfRow[] {
  const meant = corpus.filter(({ isInjected }) => !isInjected)
  const groups = Map.groupBy(meant, ({ dialect, category }) => `${dialect} ${category}`)
  return [...groups.values()].map((group) => {
    const sources = [...Map.groupBy(group, ({ source }) => source).values()]
    const rows = sources.map((one) => judgeHalf(shuffled(one, randomFrom(SEED))))
    const sum = (of: (row: Counts) => number) => rows.reduce((all, row) => all + of(row), 0)
    const { dialect = '', category = '' } = group[0] ?? {}
    return {
      dialect,
      category,
      sources: sources.length,
      judged: sum((row) => row.judged),
      strange: sum((row) => row.strange),
      blocked: sum((row) => row.blocked),
      unlisted: sum((row) => row.unlisted),
    }
  })
}

type Counts = Pick<HalfRow, 'judged' | 'strange' | 'blocked' | 'unlisted'>

function judgeHalf(statements: readonly Labelled[]): Counts {
  const analyses = statements.map(({ sql, dialect }) => analyze(sql, dialect))
  const half = Math.ceil(analyses.length / 2)
  const rest = analyses.slice(half)
  const learnt = learn(analyses.slice(0, half))
  const listed = new Set(analyses.slice(0, half).map(digestsOf))
  return {
    judged: rest.length,
    strange: rest.filter(
      (one) => judgeByLearning(learnt, { traits: traitsOf(one), score: 0 }).rule !== '',
    ).length,
    blocked: rest.filter((one) => isBlocked(one, learnt)).length,
    unlisted: rest.filter((one) => !listed.has(digestsOf(one))).length,
  }
}

function digestsOf({ statements }: Analysis): string {
  return statements.map(({ digest }) => digest).join()
}

export interface PageRow {
  readonly dialect: string
  readonly category: string
  readonly injected: number
  readonly blocked: number
  /** By learning alone, with all detectors off. */
  readonly strange: number
  /** Their digest is one of the application's own: a string for a number, where another page has a string. */
  readonly same: number
  /** None of that: the first few. */
  readonly missed: readonly string[]
}

const TIMES = 200
const MAX_SHOWN = 5

/** An application of the very pages that the corpus injects into, learnt with harmless values. */
export function judgePages(corpus: readonly Labelled[]): readonly PageRow[] {
  const injected = corpus.filter(({ isInjected, payload }) => isInjected && payload !== undefined)
  return [...Map.groupBy(injected, ({ dialect }) => dialect).values()].flatMap((own) => {
    const pages = pagesOf(own).map((sql) => analyze(sql, own[0]?.dialect ?? 'postgres'))
    const application = { learnt: learn(pages), digests: new Set(pages.map(digestsOf)) }
    const groups = Map.groupBy(own, ({ category }) => category)
    return [...groups]
      .sort(byName)
      .map(([category, group]) => judgePage(category, group, application))
  })
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1
}

interface Application {
  readonly learnt: Learnt
  readonly digests: ReadonlySet<string>
}

function judgePage(
  category: string,
  group: readonly Labelled[],
  { learnt, digests }: Application,
): PageRow {
  const analyses = group.map(({ sql, dialect }) => analyze(sql, dialect))
  const passed = analyses.filter((one) => !isBlocked(one, learnt))
  const strange = analyses.filter(
    (one) => judgeByLearning(learnt, { traits: traitsOf(one), score: 0 }).rule !== '',
  )
  return {
    dialect: group[0]?.dialect ?? '',
    category,
    injected: group.length,
    blocked: group.length - passed.length,
    strange: strange.length,
    same: passed.filter((one) => digests.has(digestsOf(one))).length,
    missed: passed
      .filter((one) => !digests.has(digestsOf(one)))
      .slice(0, MAX_SHOWN)
      .map(({ text }) => text),
  }
}

/** Each page with values as it is meant to have: what an ORDER BY takes is the name of a column. */
function pagesOf(injected: readonly Labelled[]): readonly string[] {
  const random = randomFrom(SEED)
  const pages = new Map(
    injected.flatMap(({ sql, payload = '', context = '' }) => {
      const at = sql.indexOf(payload)
      const page = [sql.slice(0, at), sql.slice(at + payload.length)] as const
      return at < 0 ? [] : [[page.join('?'), { page, context }] as const]
    }),
  )
  return [...pages.values()].flatMap(({ page, context }) =>
    Array.from({ length: TIMES }, (_, at) => page.join(meant(context, at, random))),
  )
}

const COLUMNS = ['id', 'username', 'password']
const WORDS = ['summer', 'union city', '50 % off', 'select a plan', '1 or 2', 'Vienna']

function meant(context: string, at: number, random: () => number): string {
  if (context.startsWith('num')) return `${Math.floor(random() * 10_000)}`
  return (context === 'order' ? COLUMNS : WORDS)[at % (context === 'order' ? 3 : 6)] ?? ''
}
