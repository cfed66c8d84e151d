import { AnswerCutter, type AnswerSeen } from '@articdbm/wire/postgres'
import { Lanes } from '../../lane/lanes.ts'
import type { Concluded, Fate, Line, LineListener } from '../../lane/line.ts'
import type { SessionLanes } from '../../lane/session-lanes.ts'
import type { PostgresConnection } from '../backend/connection.ts'
import { noteFailure, PLAN_OUTDATED, STATEMENT_GONE } from '../quick/note-failure.ts'
import { prefixFor } from '../quick/prefix.ts'
import type { QuickRequest } from '../quick/request.ts'

/** Of one session, by its settings. */
export type PostgresLanes = SessionLanes<
  PostgresConnection,
  AnswerSeen,
  QuickRequest,
  ReadonlyMap<string, string>
>

export function createLanes(): Lanes<PostgresConnection, AnswerSeen, QuickRequest> {
  return new Lanes((connection, listener) => new PostgresLine(connection, listener))
}

const CANCELLED = '57014'

/** One PostgreSQL connection while it is a lane. */
class PostgresLine implements Line<AnswerSeen, QuickRequest> {
  readonly outlivesCancel = true
  readonly #connection: PostgresConnection
  readonly #cutter: AnswerCutter

  constructor(connection: PostgresConnection, listener: LineListener) {
    this.#connection = connection
    this.#cutter = new AnswerCutter({
      take: (bytes, isEnd) => listener.take(bytes, isEnd),
      told: (frame) => connection.noteParameter(frame),
    })
    connection.isReusable = false
    connection.readBy((chunk) => this.#cut(chunk, listener))
    connection.onActivity = () => {
      if (connection.isLost) listener.lost()
    }
  }

  get seen(): AnswerSeen {
    return this.#cutter.seen
  }

  ask(request: QuickRequest, outgoing: Buffer[]): number {
    const { frames, hidden } = prefixFor(request.prepared, this.#connection.prepared)
    outgoing.push(...frames, request.bytes)
    return hidden
  }

  expect(hidden: number | undefined): void {
    this.#cutter.begin(hidden !== undefined, hidden ?? 0)
  }

  conclude({ request, isBystander }: Concluded<QuickRequest>): Fate {
    const { seen, hidden } = this.#cutter
    const { sqlState } = seen
    if (sqlState === '') return 'answered'
    noteFailure(request, this.#connection.prepared, { seen, hidden })
    return isWronged(request, { sqlState, isBystander }) ? 'ask elsewhere' : 'answered'
  }

  write(bytes: Buffer): void {
    this.#connection.writeNow(bytes)
  }

  pause(): void {
    this.#connection.pause()
  }

  resume(): void {
    this.#connection.resume()
  }

  cancel(): Promise<boolean> {
    return this.#connection.cancel()
  }

  leave(isUsable: boolean): void {
    this.#connection.watchIdle()
    this.#connection.prepared.unnamed = undefined
    this.#connection.isReusable = isUsable
  }

  #cut(chunk: Buffer, listener: LineListener): void {
    try {
      this.#cutter.cut(Buffer.from(chunk))
    } catch {
      listener.lost()
    }
  }
}

/** It failed by what others did: a cancel that was meant for a neighbour, a plan that no longer fits its table. */
function isWronged(
  request: QuickRequest,
  { sqlState, isBystander }: { readonly sqlState: string; readonly isBystander: boolean },
): boolean {
  if (sqlState === CANCELLED) return isBystander
  const isOutdated = sqlState === PLAN_OUTDATED || sqlState === STATEMENT_GONE
  return isOutdated && request.prepared !== undefined && request.tries === 1
}
