import { randomBytes } from 'node:crypto'
import {
  BackendUnavailable,
  FeatureNotSupported,
  ProtocolViolation,
  ShuttingDown,
  StatementBlocked,
  StatementCancelled,
} from '@articdbm/contract'
import type { Statement } from '@articdbm/sql'
import { encodeBackend, FRONTEND, type FrontendMessage } from '@articdbm/wire/postgres'
import type { Judged, StatementRequest, Ticket } from '../admit/admission.ts'
import { followPrepared } from '../admit/prepared.ts'
import type { Gateway, SessionFacts } from '../gateway.ts'
import { activity, type Waker } from './channel.ts'
import type { Client } from './client.ts'
import { Exchange } from './exchange.ts'
import type { Executor } from './executor.ts'
import {
  type Admissible,
  type Admitted,
  admit,
  FLUSH,
  needsExecutor,
  Plan,
  type Received,
  SYNC,
} from './extended.ts'
import { PostgresFault } from './fault.ts'
import { joined, pinReasonOf, replayableSetting } from './judging.ts'
import { Names } from './names.ts'
import { errorResponse, isBug, sqlStateOf } from './refusal.ts'
import { type Request, RequestReader } from './request.ts'

/** A portal that no client can have: executing it fails, which is the point. */
const REFUSAL_PORTAL = `refused by articdbm ${randomBytes(8).toString('hex')}`

export type Checkout = (signal: AbortSignal) => Promise<Executor>

export interface SessionParts {
  readonly client: Client
  readonly gateway: Gateway
  readonly facts: SessionFacts
  readonly checkout: Checkout
  readonly judge: (request: StatementRequest) => Judged
  readonly settings: ReadonlyMap<string, string>
}

/** The client went away: nobody is left to be told anything. */
export class ClientGone extends Error {}

/** One client, from its log-in to its last byte. */
export class Session {
  readonly #client: Client
  readonly #gateway: Gateway
  readonly #facts: SessionFacts
  readonly #checkout: Checkout
  readonly #judgeRequest: (request: StatementRequest) => Judged
  readonly #initialSettings: ReadonlyMap<string, string>
  readonly #exchange = new Exchange()
  readonly #names = new Names()
  readonly #reader: RequestReader
  readonly #drain: Waker = { onActivity: () => undefined }
  #settings: ReadonlyMap<string, string>
  #executor: Executor | undefined
  #waiting: AbortController | undefined
  /** Why the backend connection is this session's for good. */
  #pinReason: string | undefined
  /** False between a Flush and its Sync. */
  #isSynced = true

  constructor({ client, gateway, facts, checkout, judge, settings }: SessionParts) {
    this.#judgeRequest = judge
    this.#client = client
    this.#gateway = gateway
    this.#facts = facts
    this.#checkout = checkout
    this.#initialSettings = settings
    this.#settings = settings
    this.#reader = new RequestReader(gateway.limits.maxRequestBytes)
  }

  get pinReason(): string | undefined {
    return this.#pinReason
  }

  /** What the backend tells of itself, once it has accepted the session's settings. */
  async welcome(): Promise<readonly Buffer[]> {
    const executor = await this.#lease()
    const statuses = [...executor.parameters].map(([name, value]) =>
      encodeBackend({ kind: 'parameterStatus', name, value }),
    )
    await this.#release()
    return statuses
  }

  /** Answers requests until the client is done; rejects with what ended it otherwise. */
  async serve(): Promise<void> {
    const wake = () => this.#drain.onActivity()
    this.#gateway.draining.addEventListener('abort', wake)
    try {
      for (;;) {
        const request = await this.#next()
        if (request.kind === 'terminate') return
        await this.#answer(request)
        await this.#release()
      }
    } finally {
      this.#gateway.draining.removeEventListener('abort', wake)
      await this.#leave()
    }
  }

  async #answer(request: Request & { kind: 'simple' | 'extended' }): Promise<void> {
    try {
      if (request.kind === 'simple') await this.#answerSimple(request.received)
      else await this.#answerExtended(request)
    } catch (error) {
      if (!(error instanceof BackendUnavailable) || !this.#survivesLoss()) throw error
      const executor = this.#executor
      this.#executor = undefined
      this.#exchange.abandon('lost', error.sqlState)
      await executor?.release('dirty')
      await this.#say([errorResponse(error), this.#ready()])
    }
  }

  /** With the backend went no transaction, no setting and no half of a row. */
  #survivesLoss(): boolean {
    const isWhole = this.#executor?.isInsideFrame !== true
    const isAlone = this.#pinReason === undefined && this.#exchange.status === 'idle'
    return isWhole && isAlone && this.#isSynced && !this.#exchange.hasFailed
  }

  /** A cancel key was shown: stops what this session has under way, and nothing else. */
  async cancel(): Promise<void> {
    this.#waiting?.abort(new StatementCancelled())
    if (this.#executor && !this.#exchange.isSettled) await this.#executor.cancel()
  }

  async #next(): Promise<Request> {
    for (;;) {
      const pending = this.#reader.pending()
      if (pending) return pending
      const frame = this.#client.take()
      const request = frame && this.#reader.push(frame)
      if (request) return request
      if (!frame) await this.#idle()
    }
  }

  /** Waits for the client; meanwhile a leased backend may have something to say by itself. */
  async #idle(): Promise<void> {
    if (this.#client.hasEnded) throw new ClientGone()
    const isFree = this.#exchange.status === 'idle' && this.#isSynced && this.#reader.isEmpty
    if (this.#gateway.draining.aborted && isFree) throw new ShuttingDown()
    const executor = this.#executor
    if (executor?.hasAnswer) await this.#receive(executor)
    else if (executor) await activity(this.#client, this.#drain, executor)
    else await activity(this.#client, this.#drain)
  }

  async #answerSimple({ message, frame }: Received): Promise<void> {
    // Inside a failed pipeline everything up to the next Sync is left out.
    if (this.#exchange.isSkipping) return
    this.#isSynced = true
    this.#names.statements.delete('')
    this.#names.portals.delete('')
    if (message.kind !== 'query') {
      await this.#refuse(refusalOf(message))
      return
    }
    const judged = this.#judge(message.text)
    let tickets: readonly Ticket[]
    try {
      tickets = await this.#gateway.admission.record(judged, this.#facts)
    } catch (error) {
      await this.#refuse(error)
      return
    }
    if (judged.verdict.action === 'block') await this.#refuse(blockedBy(judged, tickets[0]))
    else if (!(await this.#answerDeallocate(judged, tickets))) {
      await this.#forwardSimple(frame.bytes, judged, tickets)
    }
  }

  async #forwardSimple(bytes: Buffer, judged: Judged, tickets: readonly Ticket[]): Promise<void> {
    const executor = await this.#leaseFor(tickets)
    if (!executor) return
    executor.prepared.unnamed = undefined
    const { statements } = judged.analysis
    this.#pinFor(statements, statements)
    const answerables = tickets.map((ticket, at) => ({
      ticket,
      completed: () => this.#follow(statements[at], statements),
    }))
    this.#exchange.expect({ kind: 'query', statements: answerables })
    await executor.send([{ bytes, judged }])
    await this.#relay(executor)
  }

  /** DEALLOCATE of a statement that was prepared by protocol: its name exists only here. */
  async #answerDeallocate(judged: Judged, tickets: readonly Ticket[]): Promise<boolean> {
    const [statement, more] = judged.analysis.statements
    const [effect] = statement?.session ?? []
    if (more || effect?.kind !== 'deallocate' || this.#exchange.status === 'failed') return false
    const isAll = effect.name === undefined
    const isKnown = effect.name !== undefined && this.#names.statements.has(effect.name)
    if (this.#names.prepared.size > 0 && !isKnown) return false
    if (!isAll && !isKnown) {
      for (const ticket of tickets) ticket.end(endedBy('26000'))
      const name = effect.name
      await this.#refuse(new PostgresFault('26000', `prepared statement "${name}" does not exist`))
      return true
    }
    if (effect.name === undefined) this.#names.statements.clear()
    else this.#names.statements.delete(effect.name)
    for (const ticket of tickets) ticket.end({ outcome: 'ok', rows: 0, bytes: 0, errorCode: '' })
    const tag = isAll ? 'DEALLOCATE ALL' : 'DEALLOCATE'
    await this.#say([encodeBackend({ kind: 'commandComplete', tag }), this.#ready()])
    return true
  }

  async #answerExtended(request: Request & { kind: 'extended' }): Promise<void> {
    this.#isSynced = request.end === 'sync'
    const received = this.#exchange.isSkipping ? [] : request.received
    const admissible = admit(received, {
      names: this.#names,
      maxPrepared: this.#gateway.limits.maxPreparedPerSession,
      judge: (text) => this.#judge(text),
    })
    const recorded = await this.#record(admissible)
    const needs = recorded.admitted.some(({ admitted }) => needsExecutor(admitted))
    if (needs && !this.#executor) {
      const tickets = recorded.admitted.flatMap(({ tickets: some }) => some)
      const failure = await this.#tryLease(tickets)
      if (failure) {
        for (const { admitted } of recorded.admitted.toReversed()) admitted.undo()
        await this.#forwardExtended({ admitted: [], refused: failure }, request.end)
        return
      }
    }
    await this.#forwardExtended(recorded, request.end)
  }

  async #forwardExtended(recorded: Recorded, end: 'sync' | 'flush' | 'part'): Promise<void> {
    const executor = this.#executor
    const plan = new Plan(executor, this.#exchange)
    const isLone = recorded.admitted.filter(({ admitted }) => admitted.judged).length === 1
    for (const one of recorded.admitted) plan.add(one.admitted, this.#answerable(one, isLone))
    if (recorded.refused !== undefined) this.#planRefusal(plan, recorded.refused)
    if (!executor) {
      if (end === 'sync') this.#exchange.isSkipping = false
      const last = end === 'sync' ? [this.#ready()] : []
      await this.#say([...this.#exchange.say(), ...last])
      return
    }
    if (end === 'sync') plan.send(SYNC, { kind: 'sync' })
    else if (plan.outgoing.length > 0) plan.outgoing.push({ bytes: FLUSH })
    await this.#say(this.#exchange.say())
    await executor.send(plan.outgoing)
    await this.#relay(executor)
  }

  #planRefusal(plan: Plan, refused: unknown): void {
    const response = errorResponse(refused)
    if (this.#executor) {
      plan.refuse(response, REFUSAL_PORTAL)
      return
    }
    this.#exchange.expect({ kind: 'say', bytes: response })
    this.#exchange.isSkipping = true
  }

  #answerable({ admitted, tickets }: RecordedOne, isLone: boolean) {
    if (!admitted.judged) return undefined
    const { statements } = admitted.judged.analysis
    this.#pinFor(statements, isLone ? statements : [])
    return {
      ticket: joined(tickets),
      completed: () => {
        for (const statement of statements) this.#follow(statement, isLone ? statements : [])
      },
    }
  }

  /** Every Execute, and a refusal, in one wait; where that fails nothing may pass. */
  async #record({ admitted, refused }: Admissible): Promise<Recorded> {
    const verdict = refused && 'verdict' in refused ? refused : undefined
    const record = async (judged: Judged | undefined): Promise<readonly Ticket[]> =>
      judged ? await this.#gateway.admission.record(judged, this.#facts) : []
    const all = [...admitted.map(({ judged }) => judged), verdict].map(record)
    try {
      const tickets = await Promise.all(all)
      return {
        admitted: admitted.map((one, at) => ({ admitted: one, tickets: tickets[at] ?? [] })),
        refused: verdict ? blockedBy(verdict, tickets.at(-1)?.[0]) : refused,
      }
    } catch (error) {
      const settled = await Promise.allSettled(all)
      for (const one of settled) {
        if (one.status === 'fulfilled') for (const ticket of one.value) ticket.end(endedBy('53100'))
      }
      for (const one of admitted.toReversed()) one.undo()
      return { admitted: [], refused: error }
    }
  }

  #judge(text: string): Judged {
    return this.#judgeRequest({ text, prepared: this.#names.prepared })
  }

  /**
   * A refused statement fails like any other: inside a transaction the backend is made to fail too, so that it
   * refuses what follows until ROLLBACK (25P02), and ROLLBACK TO a savepoint works as ever.
   */
  async #refuse(reason: unknown): Promise<void> {
    this.#noteBug(reason)
    const executor = this.#executor
    const response = errorResponse(reason)
    if (!executor) {
      await this.#say([response, this.#ready()])
      return
    }
    const plan = new Plan(executor, this.#exchange)
    plan.refuse(response, REFUSAL_PORTAL)
    plan.send(SYNC, { kind: 'sync' })
    await executor.send(plan.outgoing)
    await this.#relay(executor)
  }

  /** Passes the answer on until nothing more is due. */
  async #relay(executor: Executor): Promise<void> {
    while (!this.#exchange.isSettled) {
      if (this.#client.isGone) throw new ClientGone()
      if (this.#exchange.wantsCopy) {
        await this.#copyIn(executor)
        // In the extended protocol the completion waits for the Sync that the client still has to send.
        if (!this.#exchange.isDue) return
      } else if (executor.hasAnswer) await this.#receive(executor)
      else await activity(this.#client, executor)
    }
  }

  async #receive(executor: Executor): Promise<void> {
    this.#client.onActivity = () => {
      if (this.#client.isGone) void executor.cancel()
    }
    const pieces = await executor.receive()
    if (!pieces) throw new BackendUnavailable(this.#databaseName(), 'the connection was lost')
    await this.#say(this.#exchange.relay(pieces))
    if (this.#exchange.hasFailed) throw new ClientGone('the backend ended the session')
  }

  async #copyIn(executor: Executor): Promise<void> {
    while (this.#exchange.wantsCopy) {
      const frame = executor.hasAnswer ? undefined : this.#client.take()
      if (executor.hasAnswer) await this.#receive(executor)
      else if (frame?.code === FRONTEND.copyData) await executor.send([{ bytes: frame.bytes }])
      else if (frame) await this.#endCopy(executor, frame)
      else if (this.#client.hasEnded) throw new ClientGone()
      else await activity(this.#client, executor)
    }
  }

  async #endCopy(executor: Executor, frame: { code: number; bytes: Buffer }): Promise<void> {
    // The backend ignores both while it reads COPY lines.
    if (frame.code === FRONTEND.sync || frame.code === FRONTEND.flush) return
    if (frame.code !== FRONTEND.copyDone && frame.code !== FRONTEND.copyFail) {
      throw new ProtocolViolation(`unexpected message type ${frame.code} during COPY from stdin`)
    }
    this.#exchange.copyEnded()
    await executor.send([{ bytes: frame.bytes }])
  }

  async #say(said: readonly Buffer[]): Promise<void> {
    const [only, ...more] = said
    if (only) await this.#client.write(more.length === 0 ? only : Buffer.concat(said))
  }

  #ready(): Buffer {
    return encodeBackend({ kind: 'readyForQuery', status: this.#exchange.status })
  }

  #pinFor(statements: readonly Statement[], lone: readonly Statement[]): void {
    const isReplayable = this.#exchange.status === 'idle' && replayableSetting(lone) !== undefined
    if (isReplayable) return
    for (const statement of statements) this.#pinReason ??= pinReasonOf(statement)
  }

  /** What a completed statement changed for the session. */
  #follow(statement: Statement | undefined, all: readonly Statement[]): void {
    if (!statement) return
    if (statement.session.length === 0) return
    this.#names.prepared = followPrepared(this.#names.prepared, statement)
    const setting = this.#exchange.status === 'idle' ? replayableSetting(all) : undefined
    if (setting) {
      this.#settings = new Map([...this.#settings, [setting.name, setting.value]])
      this.#executor?.noteSetting(setting.name, setting.value)
    }
    if (/^discard\s+all\b/i.test(statement.normalized)) this.#forgetAll()
    const isDeallocateAll = statement.session.some(
      (effect) => effect.kind === 'deallocate' && effect.name === undefined,
    )
    if (isDeallocateAll) {
      this.#executor?.prepared.clear()
      this.#names.statements.clear()
    }
  }

  #forgetAll(): void {
    this.#executor?.noteDiscard()
    this.#names.statements.clear()
    this.#settings = this.#initialSettings
  }

  async #lease(): Promise<Executor> {
    if (this.#executor) {
      const isIdle = this.#exchange.status === 'idle' && this.#exchange.isSettled
      const failure = isIdle ? await this.#executor.adopt(this.#settings) : undefined
      if (failure) throw failure
      return this.#executor
    }
    this.#waiting = new AbortController()
    try {
      this.#executor = await this.#checkout(this.#waiting.signal)
    } finally {
      this.#waiting = undefined
    }
    const failure = await this.#executor.adopt(this.#settings)
    if (!failure) return this.#executor
    const executor = this.#executor
    this.#executor = undefined
    await executor.release('fields' in failure ? 'clean' : 'dirty')
    throw failure
  }

  async #tryLease(tickets: readonly Ticket[]): Promise<unknown> {
    try {
      await this.#lease()
      return undefined
    } catch (error) {
      const ending = endedBy(sqlStateOf(error))
      for (const ticket of tickets) ticket.end(ending)
      this.#noteBug(error)
      return error
    }
  }

  async #leaseFor(tickets: readonly Ticket[]): Promise<Executor | undefined> {
    const failure = await this.#tryLease(tickets)
    if (failure !== undefined) await this.#refuse(failure)
    return this.#executor
  }

  /** Between transactions the connection goes back, unless the session needs that very one. */
  async #release(): Promise<void> {
    const isFree = this.#exchange.isSettled && this.#exchange.status === 'idle' && this.#isSynced
    if (!isFree) return
    this.#names.portals.clear()
    const executor = this.#executor
    if (!executor || this.#pinReason !== undefined) return
    this.#executor = undefined
    await executor.release('clean')
  }

  async #leave(): Promise<void> {
    const executor = this.#executor
    this.#executor = undefined
    if (!executor) return
    const isIdle = this.#exchange.isSettled && this.#exchange.status === 'idle' && this.#isSynced
    if (!this.#exchange.isSettled) {
      this.#exchange.abandon('lost', '08006')
      await executor.cancel()
    }
    await executor.release(isIdle ? 'pinned' : 'dirty')
  }

  #databaseName(): string {
    return this.#gateway.database(this.#facts.databaseId)?.name ?? this.#facts.databaseId
  }

  #noteBug(error: unknown): void {
    if (isBug(error))
      this.#gateway.log.error({ error, session: this.#facts.id }, 'a request failed')
  }
}

interface RecordedOne {
  readonly admitted: Admitted
  readonly tickets: readonly Ticket[]
}

interface Recorded {
  readonly admitted: readonly RecordedOne[]
  readonly refused: unknown
}

function blockedBy(judged: Judged, ticket: Ticket | undefined): StatementBlocked | PostgresFault {
  const { rule, message } = judged.verdict
  const blocked = new StatementBlocked(ticket?.id ?? '', rule, message)
  // The grammar that judged is PostgreSQL's own: clients know a syntax error by its code.
  const isSyntaxError = rule === 'statement.incomplete' && message.includes('syntax error')
  return isSyntaxError ? new PostgresFault('42601', message, blocked.hint) : blocked
}

function endedBy(errorCode: string) {
  return { outcome: 'error', rows: 0, bytes: 0, errorCode } as const
}

function refusalOf(message: Received['message'] | FrontendMessage): Error {
  if (message.kind === 'unreadable') return message.error
  return new FeatureNotSupported('the function call protocol is not supported: call it by SELECT')
}
