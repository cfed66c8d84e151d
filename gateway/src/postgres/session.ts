import { BackendUnavailable, ShuttingDown } from '@articdbm/contract'
import type { Analysis } from '@articdbm/sql'
import { encodeBackend, type TransactionStatus } from '@articdbm/wire/postgres'
import type { Judged, QuickAdmission, Ticket } from '../admit/admission.ts'
import { type Pass, sharedAnalysis } from '../admit/passes.ts'
import type { Prepared } from '../admit/prepared.ts'
import type { Gateway, SessionFacts } from '../gateway.ts'
import { SessionRoute } from '../route/session-route.ts'
import { Aftermath } from './aftermath.ts'
import { Bringer } from './bringing.ts'
import { activity, type Waker } from './channel.ts'
import type { Client } from './client.ts'
import { type Answerable, Exchange } from './exchange.ts'
import type { Executor } from './executor.ts'
import { admit, FLUSH, needsExecutor, Plan, type Received, SYNC, undoAll } from './extended.ts'
import { textOf } from './function-call.ts'
import { answerHere, type Done } from './here.ts'
import { Holding } from './holding.ts'
import { joined } from './judging.ts'
import type { Subscription } from './listening/subscription.ts'
import { maskedRows } from './masked-rows.ts'
import { Names } from './names.ts'
import { answerOwn } from './own-extended.ts'
import { parameterStatuses } from './parameters.ts'
import { QuickPath } from './quick/quick-path.ts'
import type { Way } from './quick/way.ts'
import { blockedBy, endAll, type Recorded, type RecordedOne, recordAll } from './recording.ts'
import { errorResponse, sqlStateOf } from './refusal.ts'
import { Refuser } from './refuser.ts'
import { ClientGone, Relay } from './relay.ts'
import { type Request, RequestReader } from './request.ts'
import type { SessionParts } from './session-parts.ts'

type Extended = Request & { readonly kind: 'extended' }

/** One client, from its log-in to its last byte. */
export class Session {
  readonly #client: Client
  readonly #gateway: Gateway
  readonly #facts: SessionFacts
  readonly #judgeRequest: SessionParts['judge']
  readonly #exchange = new Exchange()
  readonly #names: Names
  readonly #subscription: Subscription
  readonly #drain: Waker = { onActivity: () => undefined }
  readonly #wake = (): void => this.#drain.onActivity()
  readonly #reader: RequestReader
  readonly #holding: Holding
  readonly #aftermath: Aftermath
  readonly #relay: Relay
  readonly #bringer: Bringer
  readonly #refuser: Refuser
  readonly #quick: QuickPath
  readonly #admission: QuickAdmission
  readonly #lanes: SessionParts['lanes']
  /** It waits for its client, with nothing under way. */
  #isParked = false
  /** False between a Flush and its Sync. */
  #isSynced = true

  constructor(parts: SessionParts) {
    const { client, gateway, facts, checkout, judge, settings, lanes, subscription } = parts
    this.#names = new Names((text) => this.#judge(text, new Map()).analysis, parts.definitions)
    this.#subscription = subscription
    this.#client = client
    this.#gateway = gateway
    this.#facts = facts
    this.#judgeRequest = judge
    this.#reader = new RequestReader(gateway.limits.maxRequestBytes)
    const database = () => gateway.database(facts.databaseId)
    this.#holding = new Holding(checkout, settings, new SessionRoute(facts, gateway))
    this.#aftermath = new Aftermath({
      ...{ names: this.#names, exchange: this.#exchange },
      ...{ holding: this.#holding, subscription },
    })
    const name = database()?.name ?? facts.databaseId
    this.#relay = new Relay(client, this.#exchange, name)
    const [aftermath, relay] = [this.#aftermath, this.#relay]
    this.#bringer = new Bringer({ names: this.#names, exchange: this.#exchange, aftermath, relay })
    this.#refuser = new Refuser({
      ...{ exchange: this.#exchange, holding: this.#holding, relay },
      noteBug: (error) => gateway.log.error({ err: error, session: facts.id }, 'bug'),
    })
    this.#lanes = lanes
    this.#admission = gateway.admission.quick(facts)
    this.#quick = new QuickPath({
      client,
      admission: this.#admission,
      names: this.#names,
      isReady: () => this.#mayBeQuick,
      wayFor: (pass) => this.#wayFor(pass),
      answered: (status) => this.#answeredQuickly(status),
    })
  }

  /** What the backend tells of itself, once it has accepted the session's settings. */
  async welcome(version?: string): Promise<readonly Buffer[]> {
    const { parameters } = await this.#holding.lease(true)
    const statuses = parameterStatuses(parameters, version)
    await this.#holding.release()
    return statuses
  }

  /** Answers requests until the client is done; rejects with what ended it otherwise. */
  async serve(): Promise<void> {
    this.#gateway.draining.addEventListener('abort', this.#wake)
    try {
      for (;;) {
        const request = await this.#next()
        if (request.kind === 'terminate') return
        await this.#answer(request)
        await this.#release()
      }
    } finally {
      this.#gateway.draining.removeEventListener('abort', this.#wake)
      await this.#leave()
    }
  }

  /** A cancel key was shown: stops what this session has under way, and nothing else. */
  async cancel(): Promise<void> {
    this.#holding.cancelWait()
    await this.#quick.cancel()
    if (!this.#exchange.isSettled) await this.#holding.executor?.cancel()
  }

  async #next(): Promise<Request> {
    for (;;) {
      const pending = this.#reader.pending()
      if (pending) return pending
      const frame = this.#quick.isBusy ? undefined : this.#client.take()
      const request = frame && this.#reader.push(frame)
      if (request) return request
      if (frame) continue
      await this.#idle()
      this.#isParked = false
    }
  }

  /** Waits for the client; meanwhile a leased backend may have something to say by itself. */
  #idle(): Promise<void> {
    if (this.#isIdle && this.#holding.isDue) return this.#release()
    if (this.#client.hasEnded) throw new ClientGone()
    if (this.#gateway.draining.aborted && this.#isFree) throw new ShuttingDown()
    const { executor } = this.#holding
    if (executor?.hasAnswer) {
      return this.#quick.isBusy ? this.#loseQuick() : this.#relay.receive(executor)
    }
    if (this.#isFree && this.#subscription.hasWaiting) {
      return this.#relay.say(this.#subscription.take())
    }
    return this.#park(executor)
  }

  /** Meanwhile requests may be answered the quick way, without waking this up. */
  #park(executor: Executor | undefined): Promise<void> {
    this.#isParked = true
    const sources = [this.#client, this.#drain, this.#subscription]
    return activity(...(executor ? [...sources, executor] : sources))
  }

  get #mayBeQuick(): boolean {
    const { status, isSettled, isSkipping } = this.#exchange
    if (!this.#isParked || !isSettled || isSkipping || status === 'failed') return false
    return this.#isSynced && this.#reader.isEmpty && !this.#gateway.draining.aborted
  }

  /** A lane for who holds nothing and only reads, or else the session's own connection. */
  #wayFor(pass: Pass): Way | undefined {
    if (!this.#holding.executor && this.#admission.isShortRead(pass)) {
      const wish = this.#holding.wishFor([pass.analysis])
      const lanes = this.#lanes.toward(wish, this.#holding.settings)
      if (lanes?.makeRoom()) return lanes
    }
    const way = this.#aftermath.quickWay(pass.analysis)
    const { executor } = this.#holding
    if (executor) executor.onActivity = this.#wake
    return way
  }

  #answeredQuickly(status: TransactionStatus): void {
    this.#exchange.status = status
    const isOver = status === 'idle'
    if (isOver) this.#names.portals.clear()
    const mustWait = isOver && !this.#holding.releaseNow()
    const isTold = this.#gateway.draining.aborted || this.#subscription.hasWaiting
    if (mustWait || isTold) this.#drain.onActivity()
  }

  /** The connection went in the middle of it. */
  async #loseQuick(): Promise<void> {
    const loss = this.#relay.loss
    this.#quick.abandon('lost', loss.sqlState)
    await this.#survive(loss)
  }

  /** Nothing is under way, and nothing more is read. */
  get #isFree(): boolean {
    return this.#isIdle && this.#reader.isEmpty
  }

  /** Neither in a transaction nor in the middle of a request. */
  get #isIdle(): boolean {
    const isAnswered = this.#exchange.isSettled && !this.#quick.isBusy
    return isAnswered && this.#exchange.status === 'idle' && this.#isSynced
  }

  async #answer(request: Request & { kind: 'simple' | 'extended' }): Promise<void> {
    try {
      if (request.kind === 'simple') await this.#answerSimple(request.received)
      else await this.#answerExtended(request)
    } catch (error) {
      if (!(error instanceof BackendUnavailable)) throw error
      await this.#survive(error)
    }
  }

  /** Goes on without the backend if no transaction, no setting and no half of a row went with it. */
  async #survive(loss: BackendUnavailable): Promise<void> {
    const { executor, pinReason } = this.#holding
    const isAlone = pinReason === undefined && this.#exchange.status === 'idle' && this.#isSynced
    this.#exchange.abandon('lost', loss.sqlState)
    if (!isAlone || executor?.isInsideFrame) throw loss
    await this.#holding.leave('dirty')
    await this.#relay.say([errorResponse(loss), this.#ready()])
  }

  async #answerSimple({ message, frame }: Received): Promise<void> {
    // Inside a failed pipeline everything up to the next Sync is left out.
    if (this.#exchange.isSkipping) return
    this.#isSynced = true
    if (message.kind !== 'functionCall') this.#names.forgetUnnamed()
    const text = textOf(message)
    if (typeof text !== 'string') return await this.#refuser.refuse(text)
    const judged = this.#judge(text)
    const tickets = await this.#record(judged)
    if (!tickets) return
    if (judged.verdict.action === 'block')
      return await this.#refuser.refuse(blockedBy(judged, tickets[0]))
    const { executor } = this.#holding
    const done = await answerHere(judged.analysis.statements, {
      ...{ names: this.#names, subscription: this.#subscription, executor },
      ...{ route: this.#holding.route, status: this.#exchange.status },
      maxPrepared: this.#gateway.limits.maxPreparedPerSession,
    })
    if (done) await this.#sayDone(done, tickets)
    else await this.#forwardSimple(frame.bytes, judged, tickets)
  }

  async #forwardSimple(bytes: Buffer, judged: Judged, tickets: readonly Ticket[]): Promise<void> {
    const failure = await this.#tryLease(tickets, [sharedAnalysis(judged)])
    const { executor } = this.#holding
    if (failure !== undefined || !executor) return await this.#refuser.refuse(failure)
    const { statements } = judged.analysis
    if (!(await this.#bringer.bringFor(statements, executor, tickets))) return
    executor.prepared.unnamed = undefined
    this.#aftermath.prepareFor(judged, statements)
    const answerables = tickets.map((ticket, at) => ({
      ticket,
      masked: maskedRows(judged, at),
      completed: () => this.#aftermath.followQuery(statements[at], statements),
    }))
    this.#exchange.expect({ kind: 'query', statements: answerables })
    joined(tickets).forwarded()
    // Both at once: a backend that answers early must not wait for one that still sends.
    await Promise.all([executor.send([{ bytes, judged }]), this.#relay.finish(executor)])
  }

  async #sayDone({ tag, failure, rows = [] }: Done, tickets: readonly Ticket[]): Promise<void> {
    endAll(tickets, failure === undefined ? '' : sqlStateOf(failure))
    if (failure !== undefined) return await this.#refuser.refuse(failure)
    await this.#relay.say([...rows, encodeBackend({ kind: 'commandComplete', tag }), this.#ready()])
  }

  async #answerExtended(request: Extended): Promise<void> {
    this.#isSynced = request.end === 'sync'
    const received = this.#exchange.isSkipping ? [] : request.received
    const { maxPreparedPerSession: maxPrepared, maxRequestBytes: maxBytes } = this.#gateway.limits
    const judge = (text: string) => this.#judge(text)
    const admissible = admit(received, { names: this.#names, maxPrepared, maxBytes, judge })
    const record = (judged: Judged) => this.#gateway.admission.record(judged, this.#facts)
    const all = await recordAll(admissible, record)
    const recorded = await answerOwn(all, this.#holding.route, this.#exchange.status)
    const needs = recorded.admitted.some(({ admitted }) => needsExecutor(admitted))
    const tickets = recorded.admitted.flatMap((one) => one.tickets)
    // What follows a Flush stays on the same connection, and nobody knows yet what that will be.
    const known = request.end === 'sync' ? recorded.admitted : []
    const analyses = known.flatMap(({ admitted }) => admitted.judged ?? []).map(sharedAnalysis)
    const mustLease = needs && !this.#holding.executor
    const failure = mustLease ? await this.#tryLease(tickets, analyses) : undefined
    if (failure === undefined) return await this.#forwardExtended(recorded, request.end)
    undoAll(recorded.admitted.map(({ admitted }) => admitted))
    await this.#forwardExtended({ admitted: [], refused: failure }, request.end)
  }

  async #forwardExtended(recorded: Recorded, end: Extended['end']): Promise<void> {
    const { executor } = this.#holding
    const plan = new Plan(executor, this.#exchange)
    const isLone = recorded.admitted.filter(({ admitted }) => admitted.judged).length === 1
    for (const one of recorded.admitted) {
      this.#aftermath.keepFor(one.admitted.brought)
      plan.add(one.admitted, this.#answerable(one, isLone))
    }
    if (recorded.refused !== undefined) this.#refuser.planRefusal(plan, recorded.refused)
    if (!executor) return await this.#answerAlone(end)
    if (end === 'sync') plan.send(SYNC, { kind: 'sync' })
    else if (plan.outgoing.length > 0) plan.outgoing.push({ bytes: FLUSH })
    await this.#relay.say(this.#exchange.say())
    for (const { tickets } of recorded.admitted) joined(tickets).forwarded()
    await Promise.all([executor.send(plan.outgoing), this.#relay.finish(executor)])
  }

  /** Nothing of the request was for a backend. */
  async #answerAlone(end: Extended['end']): Promise<void> {
    const said = this.#exchange.say()
    if (end === 'sync') this.#exchange.isSkipping = false
    await this.#relay.say(end === 'sync' ? [...said, this.#ready()] : said)
  }

  #answerable({ admitted, tickets }: RecordedOne, isLone: boolean): Answerable | undefined {
    if (!admitted.judged || admitted.answer) return undefined
    const { statements } = admitted.judged.analysis
    const lone = isLone ? statements : []
    this.#aftermath.prepareFor(admitted.judged, lone)
    const completed = () => {
      for (const statement of statements) this.#aftermath.follow(statement, lone)
    }
    return { ticket: joined(tickets), completed, masked: maskedRows(admitted.judged, 0) }
  }

  #judge(text: string, prepared: Prepared = this.#names): Judged {
    return this.#judgeRequest({ text, prepared })
  }

  /** Undefined: it can't be recorded, and the client was told so. */
  async #record(judged: Judged): Promise<readonly Ticket[] | undefined> {
    try {
      return await this.#gateway.admission.record(judged, this.#facts)
    } catch (error) {
      await this.#refuser.refuse(error)
      return undefined
    }
  }

  #ready(): Buffer {
    return encodeBackend({ kind: 'readyForQuery', status: this.#exchange.status })
  }

  /** The failure, if there is one; then these tickets have ended by it. */
  async #tryLease(tickets: readonly Ticket[], analyses: readonly Analysis[]): Promise<unknown> {
    const isIdle = this.#exchange.isSettled && this.#exchange.status === 'idle'
    try {
      await this.#holding.lease(isIdle, analyses)
      return undefined
    } catch (error) {
      endAll(tickets, sqlStateOf(error))
      return error
    }
  }

  /** Between transactions the connection goes back, unless the session needs that very one. */
  async #release(): Promise<void> {
    if (!this.#isIdle) return
    this.#names.portals.clear()
    await this.#holding.release()
  }

  async #leave(): Promise<void> {
    this.#subscription.leave()
    const state = this.#isIdle ? 'idle' : 'dirty'
    const { executor } = this.#holding
    if (!this.#exchange.isSettled || (executor && this.#quick.isBusy)) {
      this.#exchange.abandon('cancelled', '57014')
      this.#quick.abandon('cancelled', '57014')
      await executor?.cancel()
    }
    await this.#holding.leave(state)
  }
}
