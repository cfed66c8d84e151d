import { setTimeout as sleep } from 'node:timers/promises'
import type { Cell, ConsoleMessage, ConsoleRequest, Engine } from '@articdbm/contract'
import { NotAcceptable } from '../http/faults.ts'
import type { DoorConnection, Notice } from './door.ts'
import { DoorError } from './door-error.ts'
import { consoleProblem } from './present-error.ts'
import { sizeOf } from './query.ts'
import { type Part, split } from './split.ts'

export type Run = Extract<ConsoleRequest, { type: 'run' }>

/** A page's answer to a page of rows may take this long: somebody reads it. */
const MORE_TIMEOUT_MS = 10 * 60_000
const MAX_PAGE_CHARACTERS = 4 * 1024 * 1024
/** Ours, not the server's: a page that never asks on gives its connection back. */
const GIVEN_UP = '57014'

/** From one cancel to the next while the statement still executes. */
const CANCEL_PAUSES_MS = [300, 600, 1_200, 2_400, 4_800, 9_600]

export interface TabParts {
  readonly database: string
  readonly engine: Engine
  readonly send: (message: ConsoleMessage) => void
  readonly open: (onNotice: (notice: Notice) => void) => Promise<DoorConnection>
}

type Activity =
  | { readonly kind: 'idle'; readonly sinceMs: number }
  | { readonly kind: 'running'; readonly id: string }

/** One connection of a console: its statements come one after another, and transactions live as long as it. */
export class Tab {
  readonly #parts: TabParts
  #connection: DoorConnection | undefined
  #activity: Activity = { kind: 'idle', sinceMs: performance.now() }
  #isCancelled = false
  #more: (() => void) | undefined

  constructor(parts: TabParts) {
    this.#parts = parts
  }

  get database(): string {
    return this.#parts.database
  }

  get idleMs(): number {
    return this.#activity.kind === 'idle' ? performance.now() - this.#activity.sinceMs : 0
  }

  isRunning(id?: string): boolean {
    return this.#activity.kind === 'running' && (id === undefined || this.#activity.id === id)
  }

  /** Never rejects: what went wrong is told to the page. */
  async run(request: Run): Promise<void> {
    if (this.#activity.kind === 'running') return this.#refuseBusy(request)
    this.#activity = { kind: 'running', id: request.id }
    this.#isCancelled = false
    const startedMs = performance.now()
    let part: Part = { sql: '', start: 0, end: 0 }
    let index = 0
    try {
      const connection = await this.#connected(request.id)
      for (part of split(request.sql, this.#parts.engine)) {
        if (this.#isCancelled)
          throw new DoorError('cancelled before it began', { sqlState: GIVEN_UP })
        await this.#execute(connection, request, { part, index })
        index += 1
      }
    } catch (error) {
      const problem = consoleProblem(error, part.start)
      this.#parts.send({ type: 'error', id: request.id, index, ...problem })
      if (error instanceof DoorError && error.isFatal) await this.close()
    } finally {
      this.#finish(request.id, startedMs)
    }
  }

  more(): void {
    this.#more?.()
    this.#more = undefined
  }

  /** A cancel that meets a server between two messages is lost, by both protocols: so it is repeated. */
  async cancel(): Promise<void> {
    this.#isCancelled = true
    this.more()
    const cancelled = this.#activity
    for (const pauseMs of CANCEL_PAUSES_MS) {
      if (this.#activity !== cancelled || cancelled.kind === 'idle') return
      await this.#connection?.cancel()
      await sleep(pauseMs)
    }
  }

  async close(): Promise<void> {
    this.#isCancelled = true
    this.more()
    const connection = this.#connection
    this.#connection = undefined
    if (this.isRunning()) await connection?.cancel()
    await connection?.close()
  }

  async #connected(id: string): Promise<DoorConnection> {
    if (this.#connection?.isOpen()) return this.#connection
    this.#connection = await this.#parts.open((notice) =>
      this.#parts.send({ type: 'notice', id: this.#runningId(id), ...notice }),
    )
    return this.#connection
  }

  #runningId(otherwise: string): string {
    return this.#activity.kind === 'running' ? this.#activity.id : otherwise
  }

  async #execute(
    connection: DoorConnection,
    { id, pageRows = 500 }: Run,
    { part, index }: { readonly part: Part; readonly index: number },
  ): Promise<void> {
    const { send } = this.#parts
    const startedMs = performance.now()
    let rows = 0
    send({ type: 'statement', id, index, start: part.start, end: part.end })
    const pieces = connection.execute({ sql: part.sql, parameters: undefined, pageRows })
    for await (const piece of pieces) {
      if (piece.kind === 'columns')
        send({ type: 'columns', id, index, columns: [...piece.columns] })
      if (piece.kind === 'rows') {
        rows += piece.rows.length
        await this.#sendRows(id, index, {
          rows: piece.rows,
          isFull: piece.rows.length === pageRows,
        })
      }
      if (piece.kind === 'complete') {
        const durationMs = elapsed(startedMs)
        const { tag } = piece
        send({ type: 'complete', id, index, tag, rows: piece.affected ?? rows, durationMs })
      }
    }
  }

  /** A full page waits for the person; wide rows are sent in more than one message. */
  async #sendRows(
    id: string,
    index: number,
    page: { readonly rows: readonly (readonly Cell[])[]; readonly isFull: boolean },
  ): Promise<void> {
    const messages = chunks(page.rows)
    for (const [at, rows] of messages.entries()) {
      const hasMore = page.isFull || at < messages.length - 1
      this.#parts.send({ type: 'rows', id, index, rows: rows.map((row) => [...row]), hasMore })
      if (hasMore) await this.#untilMore()
    }
  }

  async #untilMore(): Promise<void> {
    if (this.#isCancelled) throw cancelled()
    const asked = await new Promise<boolean>((resolve) => {
      const timer = setTimeout(() => resolve(false), MORE_TIMEOUT_MS)
      this.#more = () => {
        clearTimeout(timer)
        resolve(true)
      }
    })
    if (!asked || this.#isCancelled) throw cancelled()
  }

  #finish(id: string, startedMs: number): void {
    this.#activity = { kind: 'idle', sinceMs: performance.now() }
    const transaction = this.#connection?.isOpen() ? this.#connection.transaction() : 'idle'
    this.#parts.send({ type: 'finished', id, transaction, durationMs: elapsed(startedMs) })
  }

  #refuseBusy({ id }: Run): void {
    const busy = new NotAcceptable('tab_busy', 'this tab still executes: cancel that, or wait')
    this.#parts.send({ type: 'error', id, index: 0, ...consoleProblem(busy, 0) })
    this.#parts.send({ type: 'finished', id, transaction: 'unknown', durationMs: 0 })
  }
}

function cancelled(): DoorError {
  return new DoorError('canceling statement due to user request', { sqlState: GIVEN_UP })
}

function chunks(rows: readonly (readonly Cell[])[]): readonly (readonly (readonly Cell[])[])[] {
  const found: (readonly Cell[])[][] = []
  let characters = Number.POSITIVE_INFINITY
  for (const row of rows) {
    characters += sizeOf(row)
    if (characters > MAX_PAGE_CHARACTERS) {
      found.push([])
      characters = sizeOf(row)
    }
    found.at(-1)?.push(row)
  }
  return found
}

function elapsed(startedMs: number): number {
  return Math.round((performance.now() - startedMs) * 100) / 100
}
