import { StatementCancelled } from '@articdbm/contract'
import { Deadline } from './deadline.ts'
import type { EngineClient } from './engine-client.ts'
import { connectionClosed, sqliteError } from './error.ts'
import type { Answer, Question, Start } from './messages.ts'
import { countOf, oneStatement, startOf } from './statement.ts'
import type {
  SqliteConnection,
  SqliteDescription,
  SqliteEvent,
  SqliteInsert,
  SqliteInserted,
  SqliteRun,
} from './types.ts'

const DESCRIBE_TIMEOUT_MS = 10_000
const GRACE_MS = 500

type Batch = Extract<Answer, { kind: 'batch' }>

/** A statement at a time; what it needs is asked of the engine's process, answer by answer. */
export class EngineConnection implements SqliteConnection {
  readonly #engine: EngineClient
  #turn: Promise<void> = Promise.resolve()
  #deadline: Deadline | undefined
  #inTransaction = false
  #isClosed = false
  #isPristine = true

  /** `ended` hears once that the engine is gone, for whatever reason. */
  constructor(engine: EngineClient, ended: (connection: SqliteConnection) => void) {
    this.#engine = engine
    void engine.exited.then(() => ended(this))
  }

  get inTransaction(): boolean {
    return this.#inTransaction
  }

  get isPristine(): boolean {
    return this.#isPristine
  }

  get isClosed(): boolean {
    return this.#isClosed || this.#engine.isGone
  }

  async describe(
    sql: string,
    allowed: SqliteRun['allowed'] = 'everything',
  ): Promise<SqliteDescription> {
    const { parameters, isDefinition } = oneStatement(sql)
    await using _turn = await this.#takeTurn(DESCRIBE_TIMEOUT_MS)
    const answer = await this.#ask({ kind: 'describe', sql, allowed, isDefinition }, sql)
    const columns = answer.kind === 'described' ? answer.columns : []
    return { columns, parameterCount: countOf(parameters) }
  }

  async *execute(run: SqliteRun): AsyncGenerator<SqliteEvent> {
    const start = startOf(run)
    await using _turn = await this.#takeTurn(run.timeoutMs)
    yield* this.#stream(start)
  }

  async insert({ timeoutMs, ...insert }: SqliteInsert): Promise<SqliteInserted> {
    const { sql } = oneStatement(insert.sql)
    await using _turn = await this.#takeTurn(timeoutMs)
    const answer = await this.#ask({ kind: 'insert', ...insert }, sql)
    if (answer.kind !== 'inserted') throw new Error(`an engine answered ${answer.kind} to rows`)
    this.#deadline?.throwIfCancelled()
    const { count, failure } = answer
    return { count, failure: failure && sqliteError(failure.message, failure.resultCode, '') }
  }

  interrupt(): void {
    this.#deadline?.cancel()
  }

  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#deadline) await this.#engine.kill()
    else await this.#engine.end()
  }

  async *#stream(start: Start): AsyncGenerator<SqliteEvent> {
    let outcome: 'keep' | 'undo' | 'ended' = 'undo'
    try {
      let batch = await this.#batch({ kind: 'start', ...start }, start.sql)
      // Until the next question, leaving is the reader's wish and no failure.
      outcome = 'keep'
      yield { kind: 'columns', columns: batch.columns ?? [] }
      while (batch.ended === undefined) {
        if (batch.rows.length > 0) yield { kind: 'rows', rows: batch.rows }
        outcome = 'undo'
        this.#deadline?.throwIfCancelled()
        batch = await this.#batch({ kind: 'next' }, start.sql)
        outcome = 'keep'
      }
      outcome = 'ended'
      if (batch.rows.length > 0) yield { kind: 'rows', rows: batch.rows }
      yield { kind: 'end', ...batch.ended, inTransaction: this.#inTransaction }
    } finally {
      if (outcome !== 'ended' && !this.isClosed) await this.#finish(outcome)
    }
  }

  async #batch(question: Question, sql: string): Promise<Batch> {
    const answer = await this.#ask(question, sql)
    if (answer.kind !== 'batch') throw new Error(`an engine answered ${answer.kind} to a start`)
    return answer
  }

  async #finish(outcome: 'keep' | 'undo'): Promise<void> {
    await this.#ask({ kind: 'finish', outcome }, '')
  }

  /** Gives up on an engine that is stuck beyond its deadline's grace: the process is killed. */
  async #ask(question: Question, sql: string): Promise<Answer> {
    const asked = this.#engine.ask(question)
    const answer = await (this.#deadline?.race(asked) ?? asked).catch((error: unknown) => {
      this.#inTransaction = false
      if (error instanceof StatementCancelled) this.#abandon()
      throw this.#isClosed && !(error instanceof StatementCancelled) ? connectionClosed() : error
    })
    if ('inTransaction' in answer) {
      this.#inTransaction = answer.inTransaction
      this.#isPristine = answer.isPristine
    }
    if (answer.kind === 'failed') throw sqliteError(answer.message, answer.resultCode, sql)
    return answer
  }

  #abandon(): void {
    this.#isClosed = true
    void this.#engine.kill()
  }

  async #takeTurn(timeoutMs: number): Promise<AsyncDisposable> {
    const before = this.#turn
    const turn = Promise.withResolvers<void>()
    this.#turn = turn.promise
    await before
    if (this.isClosed) {
      turn.resolve()
      throw connectionClosed()
    }
    const deadline = new Deadline(timeoutMs, GRACE_MS)
    this.#deadline = deadline
    return {
      [Symbol.asyncDispose]: async () => {
        deadline.end()
        this.#deadline = undefined
        turn.resolve()
      },
    }
  }
}
