import {
  AnswerCutter,
  type AnswerSeen,
  encodeCommand,
  encodePacket,
  setStatementId,
} from '@articdbm/wire/mysql'
import type { LaneSet } from '../../lane/lane-set.ts'
import { Lanes } from '../../lane/lanes.ts'
import type { Concluded, Fate, Line, LineListener } from '../../lane/line.ts'
import type { SessionLanes } from '../../lane/session-lanes.ts'
import type { MysqlBackend } from '../backend/connection.ts'
import type { MysqlRequest, PreparedText } from './request.ts'

export type MysqlLaneSet = LaneSet<MysqlBackend, AnswerSeen, MysqlRequest>
/** Of one session, by the statement that sets its client's character set. */
export type MysqlLanes = SessionLanes<MysqlBackend, AnswerSeen, MysqlRequest, string>

export function createLanes(): Lanes<MysqlBackend, AnswerSeen, MysqlRequest> {
  return new Lanes((connection, listener) => new MysqlLine(connection, listener))
}

const INTERRUPTED = 1317
/** The server or somebody with power over it ends the connection; what it says so with is nobody's answer. */
const ENDINGS: ReadonlySet<number> = new Set([1053, 1927])
/** ER_UNKNOWN_STMT_HANDLER, ER_NEED_REPREPARE. */
const OUTDATED: ReadonlySet<number> = new Set([1243, 1615])

/** A COM_STMT_EXECUTE needs the id that the answer to its PREPARE brings: it is asked behind that. */
const PREPARES = 1

/** One MySQL connection while it is a lane: servers read one command behind the other, and answer in that order. */
class MysqlLine implements Line<AnswerSeen, MysqlRequest> {
  /** A server may heed a KILL only at its next statement. */
  readonly outlivesCancel = false
  readonly #connection: MysqlBackend
  readonly #cutter: AnswerCutter
  /** COM_STMT_CLOSE has no answer, and must come behind what was asked before. */
  #closes: Buffer[] = []

  constructor(connection: MysqlBackend, listener: LineListener) {
    this.#connection = connection
    this.#cutter = new AnswerCutter(listener)
    connection.readBy({
      take: (chunk) => this.#cut(chunk),
      lost: () => listener.lost(),
    })
  }

  get seen(): AnswerSeen {
    return this.#cutter.seen
  }

  ask(request: MysqlRequest, outgoing: Buffer[]): number {
    if (this.#closes.length > 0) outgoing.push(...this.#closes.splice(0))
    const { prepared } = request
    const id = prepared && this.#connection.prepared.find(prepared.key)
    if (prepared && id === undefined) {
      outgoing.push(prepareFrame(prepared))
      return PREPARES
    }
    outgoing.push(id === undefined ? request.bytes : withId(request, id))
    return 0
  }

  expect(hidden: number | undefined): void {
    if (hidden === undefined) this.#cutter.expect(undefined)
    else this.#cutter.expect(hidden === PREPARES ? 'prepared' : 'result')
  }

  conclude({ request, hidden, isBystander }: Concluded<MysqlRequest>): Fate {
    const { errno, statementId } = this.#cutter.seen
    if (errno === 0) {
      if (hidden !== PREPARES || !request.prepared) return 'answered'
      this.#close(this.#connection.prepared.remember(request.prepared.key, statementId))
      return 'ask here'
    }
    // Nobody is to be asked on it again.
    if (ENDINGS.has(errno)) this.#connection.close()
    const isWronged = errno === INTERRUPTED ? isBystander : ENDINGS.has(errno)
    return isWronged || this.#isOutdated(request, errno) ? 'ask elsewhere' : 'answered'
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
    return this.#connection.cancel().then(
      () => true,
      () => false,
    )
  }

  leave(isUsable: boolean): void {
    if (isUsable) for (const bytes of this.#closes.splice(0)) this.write(bytes)
    this.#connection.readBy(undefined)
  }

  #cut(chunk: Buffer): void {
    try {
      this.#cutter.cut(chunk)
    } catch {
      this.#connection.close()
    }
  }

  #isOutdated({ prepared, tries }: MysqlRequest, errno: number): boolean {
    if (!prepared || tries > 1 || !OUTDATED.has(errno)) return false
    const id = this.#connection.prepared.find(prepared.key)
    this.#connection.prepared.take(prepared.key)
    if (id !== undefined) this.#close([id])
    return true
  }

  #close(statementIds: readonly number[]): void {
    for (const statementId of statementIds) {
      this.#closes.push(encodePacket(encodeCommand({ kind: 'close', statementId }), 0))
    }
  }
}

function prepareFrame({ text }: PreparedText): Buffer {
  return encodePacket(encodeCommand({ kind: 'prepare', text: Buffer.from(text) }), 0)
}

/** A second lane gets bytes of its own: the first may not have written the others yet. */
function withId({ bytes, tries }: MysqlRequest, statementId: number): Buffer {
  const own = tries > 1 ? Buffer.from(bytes) : bytes
  setStatementId(own, statementId)
  return own
}
