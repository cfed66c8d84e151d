// What was allowed once is allowed again in any text of the same shape, for the same person, on the same database,
// under the same snapshot, until a grant ends: the verdict looked at nothing that could be different.
import type { SnapshotDatabase, SnapshotGrant, Verdict } from '@articdbm/contract'
import { holdsUntil, type RuleSet } from '@articdbm/firewall'
import { type Analysis, type Shape, sharesShape } from '@articdbm/sql'
import { LRUCache } from 'lru-cache'
import { classify } from '../route/classify.ts'
import type { SessionFacts } from '../session-facts.ts'
import type { Directory } from '../snapshot/directory.ts'
import type { Judged } from './admission.ts'
import { type Pace, Paces } from './pace.ts'
import type { Place } from './place.ts'

const MAX_BOOKS = 500
const MAX_PASSES_EACH = 1_000
/** In characters of the texts; a pass weighs a few times as much. */
const MAX_SIZE_EACH = 300_000

/** An allowed shape. */
export interface Pass {
  readonly analysis: Analysis
  readonly verdict: Verdict
  readonly validUntilMs: number
  readonly pace: Pace
  /** It reads and does nothing else; what begins or ends a transaction does something. */
  readonly isRead: boolean
  /** The end of its audit lines, from behind the text on; made when first needed. */
  lineEnd: string | undefined
}

/** The passes of one principal on one database under one snapshot and the same rules. */
export class PassBook {
  readonly directory: Directory
  readonly database: SnapshotDatabase
  readonly #validUntilMs: number
  readonly #rules: RuleSet
  readonly #paces: Paces
  readonly #passes = new LRUCache<string, Pass>({ max: MAX_PASSES_EACH, maxSize: MAX_SIZE_EACH })

  constructor(opened: {
    readonly directory: Directory
    readonly database: SnapshotDatabase
    readonly validUntilMs: number
    readonly rules: RuleSet
    readonly paces: Paces
  }) {
    this.directory = opened.directory
    this.database = opened.database
    this.#validUntilMs = opened.validUntilMs
    this.#rules = opened.rules
    this.#paces = opened.paces
  }

  find(shape: Shape, nowMs: number): Pass | undefined {
    const pass = this.#passes.get(shape.key)
    return pass && nowMs < pass.validUntilMs ? pass : undefined
  }

  /** Remembers a verdict that holds for the whole shape; others are not remembered. */
  learn(shape: Shape, { analysis, verdict, masks }: Judged, nowMs: number): Pass | undefined {
    // By the short ways rows pass unread.
    if (masks !== undefined || !isPlain(verdict)) return undefined
    if (this.#rules.readsText || !sharesShape(analysis, shape)) return undefined
    const shared = withoutWords(analysis)
    const pass: Pass = {
      analysis: shared,
      verdict,
      validUntilMs: Math.min(this.#validUntilMs, holdsUntil(this.#rules, nowMs)),
      pace: this.#paces.of(this.database.id, shape.key),
      isRead: classify(shared).class !== 'other' && shared.statements[0]?.session.length === 0,
      lineEnd: undefined,
    }
    this.#passes.set(shape.key, pass, { size: shape.key.length + 100 })
    return pass
  }
}

/** Nothing was found, and nothing was let through that would have been blocked. */
function isPlain({ action, rule, findings }: Verdict): boolean {
  return action === 'allow' && rule === '' && findings.length === 0
}

/** Literals and tokens are most of an analysis, and those of this text alone. */
function withoutWords(analysis: Analysis): Analysis {
  const statements = analysis.statements.map((statement) => ({ ...statement, literals: [] }))
  return { ...analysis, statements, tokens: [] }
}

/** Books by principal, database, rules and, where it is learnt, application; those of an older snapshot are forgotten with it. */
export class Passes {
  readonly #paces = new Paces()
  readonly #books = new WeakMap<Directory, LRUCache<string, PassBook>>()

  of({ directory, database, rules }: Place, facts: SessionFacts): PassBook {
    const books = this.#booksOf(directory)
    const application = database.policy.learning === undefined ? '' : facts.application
    const name = JSON.stringify([
      ...[facts.principal.id, database.id, facts.isProbe, rules.name, application],
    ])
    const known = books.get(name)
    if (known) return known
    const validUntilMs = endOf(directory, facts)
    const book = new PassBook({ directory, database, validUntilMs, rules, paces: this.#paces })
    books.set(name, book)
    return book
  }

  #booksOf(directory: Directory): LRUCache<string, PassBook> {
    const known = this.#books.get(directory)
    if (known) return known
    const books = new LRUCache<string, PassBook>({ max: MAX_BOOKS })
    this.#books.set(directory, books)
    return books
  }
}

/** When the first of what the verdict rests on ends. */
function endOf(directory: Directory, { principal, databaseId }: SessionFacts): number {
  const account = directory.principal(principal.id)
  const ends = directory
    .grants(principal.id, databaseId)
    .map(({ validUntil }: SnapshotGrant) => validUntil)
  return [account?.validUntil ?? null, ...ends].reduce(
    (earliest, end) => (end === null ? earliest : Math.min(earliest, Date.parse(end))),
    Number.POSITIVE_INFINITY,
  )
}

/** One and the same for all texts of a shape: what is found out of it once holds for them all. */
export function sharedAnalysis({ analysis, pass }: Judged): Analysis {
  return pass?.analysis ?? analysis
}

/** As if this text had been judged by itself, but for its literals and tokens, which nothing behind a pass reads. */
export function judgedBy(pass: Pass, text: string): Judged {
  const { analysis, verdict } = pass
  const [statement] = analysis.statements
  if (!statement) return { analysis, statements: [], verdict, pass }
  const end = text.length - (analysis.text.length - statement.end)
  const statements = [{ ...statement, text: text.slice(statement.start, end), end }]
  return { analysis: { ...analysis, text, statements }, statements, verdict, pass }
}
