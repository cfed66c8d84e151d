import type { Analysis, Statement } from '@articdbm/sql'
import {
  type AnswerSeen,
  type Err,
  encodeCommand,
  encodePacket,
  type PlainCommand,
  STATUS,
} from '@articdbm/wire/mysql'
import type { QuickAdmission } from '../../admit/admission.ts'
import { type Pass, sharedAnalysis } from '../../admit/passes.ts'
import { followPrepared } from '../../admit/prepared.ts'
import { runUnreadCode } from '../../admit/unread-code.ts'
import type { Pool } from '../../pool/pool.ts'
import { SessionRoute } from '../../route/session-route.ts'
import type { Answer } from '../backend/answer.ts'
import type { MysqlBackend } from '../backend/connection.ts'
import { firstSettings, isTooMuch, type Settings, settingsAfter } from '../backend/settings.ts'
import { DEFAULT_CHARSET } from '../charset.ts'
import { MultiStatementsOff } from '../faults.ts'
import { asksAboutLast, LastAnswered, showsLast } from '../lane/last-answered.ts'
import type { MysqlLaneSet, MysqlLanes } from '../lane/line.ts'
import type { OwnAnswer } from '../lane/own-command.ts'
import { OwnWay, type Ready } from '../lane/own-way.ts'
import { type Plan, QuickPath } from '../lane/quick-path.ts'
import type { Reply } from '../reply.ts'
import { type Constant, encodeConstant } from '../session/constants.ts'
import { Diagnostics } from '../session/diagnostics.ts'
import { type CommandOf, carryOut, type Executor, type SessionSide } from '../session/executor.ts'
import {
  type Admitted,
  admitStatement,
  endAll,
  endingOnFailure,
  type Subject,
} from '../session/statement.ts'
import { connectionIdAnswer } from './connection-id.ts'
import { charsetOf, encodingSetBy, pinReason, refuseBeyondAscii, refuseEffects } from './effects.ts'
import { Hold } from './hold.ts'
import { filesOf, refuseFiles } from './local-file.ts'
import type { Masks } from './masked-answer.ts'
import { ASKS_INSERT_ID, bytesFor, isPlainForOwn } from './own-shape.ts'
import { positionAnswer } from './position.ts'
import { PreparedProtocol } from './prepared-protocol.ts'
import { relay } from './relay.ts'
import { askAside, withLiteral } from './with-literal.ts'

/** Executes on MySQL and MariaDB backends: what was judged is forwarded as it is, answers pass undecoded. */
export class ServerExecutor implements Executor {
  readonly session: SessionSide
  readonly hold: Hold
  readonly shortCut: QuickPath
  readonly #route: SessionRoute
  readonly #lastOnLane = new LastAnswered()
  readonly #statements: PreparedProtocol
  readonly #diagnostics = new Diagnostics()
  #prepared: ReadonlyMap<string, Statement> = new Map()
  #charset: string
  #settings: Settings
  #lastInsertId = 0n

  constructor(session: SessionSide, pool: () => Pool<MysqlBackend>, lanes: MysqlLanes) {
    this.session = session
    const { facts, gateway, signal } = session
    this.#route = new SessionRoute(facts, gateway)
    this.hold = new Hold(pool, this.#route, signal)
    this.#charset = session.charset
    this.#settings = firstSettings(this.session)
    this.#statements = new PreparedProtocol(this)
    const admission = gateway.admission.quick(facts)
    this.shortCut = new QuickPath({
      session,
      admission,
      statement: (id) => this.#statements.statement(id),
      reading: () => this.reading,
      isReady: () => this.hold.connection === undefined,
      own: this.#ownWay(admission),
      lanes: (analysis) => this.#lanesFor(analysis, lanes),
      answered: (plan, seen) => this.#noteAnswered(plan, seen),
      refused: (err) => this.noteRefusal(err),
    })
  }

  #lanesFor(analysis: Analysis, lanes: MysqlLanes): MysqlLaneSet | undefined {
    if (this.#settings.size > 0) return undefined
    return lanes.toward(this.#route.wishFor([analysis]), this.#charset)
  }

  #ownWay(admission: QuickAdmission): OwnWay {
    return new OwnWay({
      session: this.session,
      admission,
      readyFor: (plan, pass) => this.#readyFor(plan, pass),
      answered: (answer) => this.#followOwn(answer),
      giveBack: () => this.hold.giveBack({ mayLinger: false }),
      refused: (err) => this.noteRefusal(err),
    })
  }

  #readyFor(plan: Plan, { analysis }: Pass): Ready | undefined {
    const connection = isPlainForOwn(analysis) ? this.hold.takeNow(analysis) : undefined
    if (!connection) return undefined
    const bytes = connection.isBroughtTo(this.#charset, this.#settings)
      ? bytesFor(plan, connection)
      : undefined
    if (bytes) return { connection, bytes }
    this.hold.giveBackNow()
    return undefined
  }

  /** As #follow and what comes behind it; only what is unusual has to be waited for. */
  #followOwn({ results, error }: OwnAnswer): Promise<void> | undefined {
    this.#diagnostics.forget()
    this.#lastOnLane.forget()
    this.#noteInserted(results)
    const isTroubled = error !== undefined || results.some(({ warnings }) => warnings > 0)
    if (!isTroubled && this.hold.giveBackNow()) return undefined
    return this.#afterTrouble(error !== undefined, isTroubled)
  }

  async #afterTrouble(failed: boolean, mayLinger: boolean): Promise<void> {
    if (failed) await this.#learnStatus()
    await this.hold.giveBack({ mayLinger })
  }

  #noteInserted(results: Answer['results']): void {
    const inserted = results.findLast(({ lastInsertId }) => lastInsertId > 0n)
    if (inserted) this.#lastInsertId = inserted.lastInsertId
  }

  /**
   * An ERR tells no status, and a routine may have left its transaction open. The client has its answer: a connection
   * that is lost now is closed, and nobody is told.
   */
  async #learnStatus(): Promise<void> {
    const { connection } = this.hold
    if (connection?.isOpen) await connection.ping().catch(() => connection.close())
  }

  get isInTransaction(): boolean {
    return this.hold.isKept
  }

  get status(): number {
    return this.hold.connection?.status ?? STATUS.autocommit
  }

  /** By what the backend reads a text that it prepares: another way of reading makes another statement. */
  get reading(): string {
    const modes = this.#settings.get('sql_mode')
    return modes === undefined ? this.#charset : `${this.#charset} ${modes}`
  }

  async query(command: CommandOf<'query'>, reply: Reply): Promise<void> {
    const typed = this.session.readStatement(command.text)
    const text = (await withLiteral(typed, this)) ?? typed
    const admitted = await this.admit(text)
    const own = this.#ownAnswer(text) ?? (await this.position(admitted))
    if (own === 'taken') return this.#carriedOut(admitted, reply)
    if (own) return this.tell(encodeConstant(own, this.status), admitted, reply)
    this.#diagnostics.forget()
    const kind = await endingOnFailure(admitted, () =>
      carryOut(admitted.judged.statements, this.session),
    )
    if (kind === 'carried out') return this.#carriedOut(admitted, reply)
    const asked = text === typed ? command : { ...command, text: Buffer.from(text) }
    await this.forward(admitted, asked, reply)
  }

  #carriedOut({ tickets }: Admitted, reply: Reply): Promise<void> {
    endAll(tickets, 'ok')
    return reply.ok({ status: this.status })
  }

  /** Undefined: it is about something else. */
  position(admitted: Admitted): Promise<Constant | 'taken' | undefined> {
    return endingOnFailure(admitted, () => positionAnswer(admitted.judged.statements, this.#route))
  }

  #ownAnswer(text: string): Constant | undefined {
    const isTold = this.hold.connection || this.#lastOnLane.isTroubled
    const otherwise = isTold ? 'the backend' : 'nobody'
    return this.#diagnostics.answer(text, otherwise) ?? connectionIdAnswer(text, this.session)
  }

  /** What the gateway knows better than the backend. */
  async tell(answer: readonly Buffer[], { tickets }: Admitted, reply: Reply): Promise<void> {
    await reply.send(answer)
    endAll(tickets, 'ok')
  }

  noteRefusal(refusal: Err): void {
    this.#lastOnLane.forget()
    this.#diagnostics.note(refusal)
  }

  #noteAnswered(plan: Plan, seen: AnswerSeen): void {
    this.#diagnostics.forget()
    this.#lastOnLane.note(plan, seen)
  }

  prepare(command: CommandOf<'prepare'>, reply: Reply): Promise<void> {
    return this.#statements.prepare(command, reply)
  }

  execute(command: CommandOf<'execute'>, reply: Reply): Promise<void> {
    this.#diagnostics.forget()
    return this.#statements.execute(command, reply)
  }

  fetch(command: CommandOf<'fetch'>, reply: Reply): Promise<void> {
    return this.#statements.fetch(command, reply)
  }

  resetStatement(command: CommandOf<'reset'>, reply: Reply): Promise<void> {
    return this.#statements.reset(command, reply)
  }

  async adopt(text: string): Promise<void> {
    await askAside(text, this)
  }

  longData(command: CommandOf<'long data'>): void {
    this.#statements.longData(command)
  }

  closeStatement(command: CommandOf<'close'>): Promise<void> {
    return this.#statements.close(command)
  }

  /** Read as SHOW COLUMNS of that table, which is what it is. */
  async fieldList(command: CommandOf<'field list'>, reply: Reply): Promise<void> {
    const table = this.session.readText(command.table)
    this.session.readText(command.wildcard)
    const admitted = await this.admit(`SHOW COLUMNS FROM \`${table.replaceAll('`', '``')}\``)
    await this.forward(admitted, command, reply)
  }

  async reset(): Promise<void> {
    this.#statements.clear()
    this.#prepared = new Map()
    this.#charset = this.session.charset
    this.#settings = firstSettings(this.session)
    this.#lastInsertId = 0n
    this.#diagnostics.forget()
    this.#lastOnLane.forget()
    await this.hold.end()
  }

  async cancel(): Promise<void> {
    await this.shortCut.cancel()
    await this.hold.cancel()
  }

  abandon(): Promise<void> {
    return this.hold.abandon()
  }

  subject(text: string): Subject {
    return { text, prepared: this.#prepared, facts: this.session.facts }
  }

  admit(text: string): Promise<Admitted> {
    return admitStatement(this.subject(text), this.session.gateway)
  }

  async forward(admitted: Admitted, command: PlainCommand, reply: Reply): Promise<Answer> {
    const kind = command.kind === 'field list' ? 'columns' : 'results'
    const bytes = encodePacket(encodeCommand(command), 0)
    const files = filesOf(admitted.judged.statements)
    const { tickets, judged } = admitted
    const masks: Masks | undefined = judged.masks && { format: 'text', results: judged.masks }
    return this.onBackend(admitted, (connection) =>
      relay(connection, reply, { bytes, kind, tickets, files, masks }),
    )
  }

  /** Around each question: the connection as this session needs it before, kept or given back after. */
  async onBackend(
    admitted: Admitted,
    ask: (connection: MysqlBackend) => Promise<Answer>,
  ): Promise<Answer> {
    const { statements } = admitted.judged
    let mayLinger = false
    try {
      const answer = await endingOnFailure(admitted, async () => {
        this.#refuse(statements)
        const connection = await this.#connect(admitted)
        return await ask(connection)
      })
      await this.#follow(answer, admitted)
      mayLinger = answer.error !== undefined || answer.results.some(({ warnings }) => warnings > 0)
      return answer
    } finally {
      await this.hold.giveBack({ mayLinger })
    }
  }

  /** A connection for something that executes nothing: COM_STMT_PREPARE, a cursor's reset. */
  async onAnyBackend<T>(ask: (connection: MysqlBackend) => Promise<T>): Promise<T> {
    try {
      const { connection } = await this.hold.take()
      await this.#bringToSession(connection)
      return await ask(connection)
    } finally {
      await this.hold.giveBack({ mayLinger: false })
    }
  }

  #refuse(statements: readonly Statement[]): void {
    refuseEffects(statements)
    refuseFiles(statements, this.session)
    if (statements.length > 1 && !this.session.mayMultiStatements) throw new MultiStatementsOff()
  }

  async #connect({ judged }: Admitted): Promise<MysqlBackend> {
    const { statements, analysis } = judged
    const { connection, isFresh } = await this.hold.take(
      showsLast(analysis.text) ? undefined : [sharedAnalysis(judged)],
    )
    if (this.hold.hasRunUnreadCode && !showsLast(analysis.text)) await connection.renewReading()
    if (runUnreadCode(statements)) this.hold.noteUnreadCode()
    // Before it is executed: what it leaves must never reach another session, however it ends.
    for (const statement of statements) {
      const reason = pinReason(statement)
      const settings = settingsAfter(this.#settings, statement)
      if (reason !== undefined) this.hold.pin(reason, statement)
      else if (settings !== this.#settings && isTooMuch(settings))
        this.hold.pin('many settings', statement)
      if (encodingSetBy(statement) === 'ascii only') this.#speakAscii()
    }
    await this.#bringToSession(connection)
    await connection.allowMultiStatements(statements.length > 1)
    if (isFresh && ASKS_INSERT_ID.test(analysis.text)) {
      await connection.execute(`SET last_insert_id = ${this.#lastInsertId}`)
    }
    await this.#recall(connection, analysis.text)
    return connection
  }

  /** From before the SET, however it ends. */
  #speakAscii(): void {
    refuseBeyondAscii([...this.#prepared.values(), ...this.#statements.all()])
    this.session.speak('ascii only')
  }

  /** The statement before is asked again where it is asked about, but for its answer: a lane had executed it. */
  async #recall(connection: MysqlBackend, text: string): Promise<void> {
    const { plan } = this.#lastOnLane
    if (plan && asksAboutLast(text)) {
      const { verdict } = this.session.gateway.admission.judge(
        this.subject(plan.text),
        this.session.facts,
      )
      if (verdict.action !== 'block') await this.#statements.repeat(connection, plan)
    }
    if (!showsLast(text)) this.#lastOnLane.forget()
  }

  async #bringToSession(connection: MysqlBackend): Promise<void> {
    await this.#useCharset(connection)
    await connection.useSettings(this.#settings)
  }

  /** A collation that this backend doesn't know counts as its default one, as it does on a direct connection. */
  async #useCharset(connection: MysqlBackend): Promise<void> {
    try {
      await connection.useCharset(this.#charset)
    } catch (error) {
      if (!connection.isOpen || this.#charset === DEFAULT_CHARSET) throw error
      this.#charset = DEFAULT_CHARSET
      await connection.useCharset(this.#charset)
    }
  }

  async #follow(answer: Answer, { judged }: Admitted): Promise<void> {
    const { connection } = this.hold
    this.#noteInserted(answer.results)
    for (const statement of judged.analysis.statements.slice(0, answer.results.length)) {
      this.#prepared = followPrepared(this.#prepared, statement)
      if (encodingSetBy(statement) === 'utf8') this.session.speak('utf8')
      const charset = charsetOf(statement)
      if (charset !== undefined) {
        this.#charset = charset
        connection?.followCharset(charset)
      }
      this.#settings = settingsAfter(this.#settings, statement)
    }
    this.#followSettings(answer, judged.statements)
    if (answer.error) await this.#learnStatus()
  }

  /** A SET that fails may have set the half. */
  #followSettings({ error }: Answer, statements: readonly Statement[]): void {
    const { connection } = this.hold
    connection?.followSettings(this.#settings)
    if (error && statements.some(({ kind }) => kind === 'set')) connection?.taint()
  }
}
