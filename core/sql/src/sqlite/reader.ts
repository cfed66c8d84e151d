import { LIMITS } from '../limits.ts'
import type { Token } from '../statement.ts'
import { Findings, type Name } from './findings.ts'
import { fold } from './lex.ts'
import { isName, isOperator, isWord } from './words.ts'

/** Leaves the statement where it stopped making sense. Caught in statements.ts, never outside. */
export class NotUnderstood extends Error {}

type Part = (reader: Reader) => void

/** Names read inside a WITH; those that turn out to be its own tables are dropped at its end. */
type Pending = Set<string>

/** Walks the tokens of a request, comments left out; knows which CTE names hide tables. */
export class Reader {
  findings = new Findings()
  readonly #tokens: readonly Token[]
  readonly #select: Part
  #at = 0
  #depth = 0
  #pending: Pending | undefined

  /** `select` reads a whole SELECT: expressions need it, and it needs expressions. */
  constructor(tokens: readonly Token[], select: Part) {
    this.#tokens = tokens.filter((token) => token.kind !== 'comment')
    this.#select = select
  }

  get next(): Token | undefined {
    return this.#tokens[this.#at]
  }

  get last(): Token | undefined {
    return this.#tokens[this.#at - 1]
  }

  ahead(count: number): Token | undefined {
    return this.#tokens[this.#at + count]
  }

  take(): Token {
    const token = this.next
    if (token === undefined) throw new NotUnderstood('unexpected end')
    this.#at += 1
    return token
  }

  sees(...words: readonly string[]): boolean {
    return words.every((word, index) => isWord(this.ahead(index), word))
  }

  seesOperator(operator: string): boolean {
    return isOperator(this.next, operator)
  }

  /** Takes these words if they come next, in this order. */
  accept(...words: readonly string[]): boolean {
    if (this.next?.kind !== 'word' || !this.sees(...words)) return false
    this.#at += words.length
    return true
  }

  acceptOneOf(...words: readonly string[]): string | undefined {
    return isWord(this.next, ...words) ? this.take().value : undefined
  }

  acceptOperator(...operators: readonly string[]): boolean {
    const isThere = isOperator(this.next, ...operators)
    if (isThere) this.#at += 1
    return isThere
  }

  acceptOperatorOf(operators: ReadonlySet<string>): boolean {
    const token = this.next
    const isThere = token?.kind === 'operator' && operators.has(token.value)
    if (isThere) this.#at += 1
    return isThere
  }

  expect(...words: readonly string[]): void {
    if (!this.accept(...words)) this.fail()
  }

  expectOperator(operator: string): void {
    if (!this.acceptOperator(operator)) this.fail()
  }

  fail(): never {
    const token = this.next
    throw new NotUnderstood(
      token === undefined ? 'unexpected end' : `unexpected "${token.value.slice(0, 40)}"`,
    )
  }

  skipTo(operator: string): void {
    while (this.next !== undefined && !this.seesOperator(operator)) this.#at += 1
  }

  skipAll(): void {
    this.#at = this.#tokens.length
  }

  name(): string {
    if (!isName(this.next)) this.fail()
    return fold(this.take().value)
  }

  /** [schema .] name */
  qualifiedName(): Name {
    const first = this.name()
    return this.acceptOperator('.')
      ? { schema: first, name: this.name() }
      : { schema: undefined, name: first }
  }

  list(part: Part): void {
    do part(this)
    while (this.acceptOperator(','))
  }

  parenthesized(part: Part): void {
    this.expectOperator('(')
    part(this)
    this.expectOperator(')')
  }

  nested(part: Part): void {
    this.#depth += 1
    if (this.#depth > LIMITS.maxDepth) throw new NotUnderstood('nested too deeply')
    part(this)
    this.#depth -= 1
  }

  select(): void {
    this.nested(this.#select)
  }

  seesSelect(ahead = 0): boolean {
    return isWord(this.ahead(ahead), 'select', 'values', 'with')
  }

  /** `part` yields the CTE names of a WITH: each hides the table of that name in all that `part` read. */
  scoped(part: (reader: Reader) => readonly string[]): void {
    const outer = this.#pending
    const inner: Pending = new Set()
    this.#pending = inner
    for (const name of part(this)) inner.delete(name)
    this.#pending = outer
    for (const name of inner) this.read({ schema: undefined, name })
  }

  /** A table or view is read, unless a CTE hides it. */
  read({ schema, name }: Name): void {
    if (schema === undefined && this.#pending !== undefined) this.#pending.add(name)
    else this.findings.touch({ schema, name }, 'read')
  }

  begin(): void {
    this.findings = new Findings()
    this.#depth = 0
    this.#pending = undefined
  }
}
