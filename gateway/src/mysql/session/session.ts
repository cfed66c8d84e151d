import { ShuttingDown } from '@articdbm/contract'
import {
  CAPABILITY,
  COMMAND,
  type Command,
  decodeChangeUser,
  decodeCommand,
  type Encoding,
  encodeEof,
  type Packet,
  PacketViolation,
  STATUS,
  type StatementCommand,
} from '@articdbm/wire/mysql'
import type { Gateway, SessionFacts } from '../../gateway.ts'
import type { PacketChannel } from '../channel.ts'
import { charsetStatement, encodingFor, readStatement, readText } from '../charset.ts'
import { ClientGone } from '../endings.ts'
import { BackendLost, NoDatabaseSelected, UnknownCommand, UnknownThread } from '../faults.ts'
import { admit, arrivalOf, type Login, LoginFailed } from '../login/log-in.ts'
import { createNonce } from '../login/nonce.ts'
import type { Prover } from '../login/prove.ts'
import { errOf, Reply } from '../reply.ts'
import { type Executor, executeCommand, type SessionSide } from './executor.ts'
import { answerWithoutDatabase } from './no-database.ts'
import { admitStatement, endAll } from './statement.ts'

export interface SessionDoor extends Prover {
  readonly gateway: Gateway
  readonly address: string
  readonly connectionId: number
  readonly serverVersion: string
  readonly createExecutor: (session: SessionSide) => Executor
  /** Sessions of this door, by the connection ids that clients know. */
  readonly sessionOf: (connectionId: number) => MysqlSession | undefined
}

/** One client, once it is logged in. */
export class MysqlSession {
  readonly #channel: PacketChannel
  readonly #door: SessionDoor
  readonly #gone = new AbortController()
  #login: Login
  #encoding: Encoding
  #charset: string
  #mayMultiStatements: boolean
  /** Texts of SET that wait for a database. */
  readonly #settings: string[] = []
  #facts: SessionFacts | undefined
  #executor: Executor | undefined
  /** Of the command under way. */
  #reply: Reply | undefined

  constructor(channel: PacketChannel, login: Login, door: SessionDoor) {
    this.#channel = channel
    this.#door = door
    this.#login = login
    this.#encoding = login.encoding
    this.#charset = login.charset
    this.#mayMultiStatements = (login.capabilities & CAPABILITY.multiStatements) !== 0
  }

  get user(): string {
    return this.#login.candidate.user.toLowerCase()
  }

  get facts(): SessionFacts | undefined {
    return this.#facts
  }

  /** From the OK of the login to the last command. */
  async converse(): Promise<void> {
    const stopListening = this.#channel.onClosed(() => this.#abandon())
    const drain = () => this.#drain()
    const { draining } = this.#door.gateway
    draining.addEventListener('abort', drain, { once: true })
    try {
      this.#open(this.#login.facts)
      await new Reply(this.#channel, this.#login.sequence).ok()
      if (this.#has(CAPABILITY.compress)) this.#channel.compress()
      else this.#channel.quicken()
      do this.#refuseDrained()
      while (await this.#next())
    } finally {
      draining.removeEventListener('abort', drain)
      stopListening()
      await this.#leave()
    }
  }

  /** KILL: ends the statement under way, and with `CONNECTION` the session, too. */
  async kill(isQueryOnly: boolean): Promise<void> {
    await this.#executor?.cancel()
    if (!isQueryOnly) this.#channel.close()
  }

  async #next(): Promise<boolean> {
    const packet = await this.#channel.nextCommand()
    const command = decode(packet, this.#login.capabilities)
    if (command.kind === 'quit') return false
    const reply = new Reply(this.#channel, packet.sequence)
    this.#reply = reply
    try {
      await this.#answer(command, packet, reply)
      return true
    } catch (error) {
      return await this.#refuse(error, reply)
    } finally {
      this.#reply = undefined
    }
  }

  /** False where the session can't go on. */
  async #refuse(error: unknown, reply: Reply): Promise<boolean> {
    if (error instanceof ClientGone || !this.#channel.isOpen) throw new ClientGone()
    const failed = error instanceof LoginFailed ? error : undefined
    if (failed) reply.sequence = failed.sequence + 1
    const cause = failed ? failed.cause : error
    this.#report(cause)
    this.#executor?.noteRefusal(errOf(cause))
    await reply.refuse(cause)
    return !(failed || (error instanceof BackendLost && error.endsSession))
  }

  #report(error: unknown): void {
    if (error instanceof Error && 'mysqlErrno' in error) return
    this.#door.gateway.log.error({ err: error, session: this.#facts?.id }, 'a request failed')
  }

  #answer(command: Command, packet: Packet, reply: Reply): Promise<void> {
    switch (command.kind) {
      case 'ping':
        return reply.ok({ status: this.#status })
      case 'statistics':
        return reply.send([Buffer.from('ArticDBM gateway')])
      case 'set option':
        return this.#setOption(command.option, reply)
      case 'init db':
        return this.#initDb(readText(command.database, this.#encoding), reply)
      case 'reset connection':
        return this.#reset(reply)
      case 'change user':
        return this.#changeUser(packet, reply)
      case 'kill':
        return this.#killById(command.connectionId, reply)
      case 'unknown':
        return reply.refuse(new UnknownCommand(command.code))
      case 'quit':
        return Promise.resolve()
      case 'query':
      case 'prepare':
      case 'execute':
      case 'fetch':
      case 'reset':
      case 'field list':
      case 'long data':
      case 'close':
        return this.#executor
          ? executeCommand(this.#executor, command, reply)
          : this.#executeWithoutDatabase(command, reply)
    }
  }

  async #executeWithoutDatabase(command: StatementCommand, reply: Reply): Promise<void> {
    if (command.kind === 'long data' || command.kind === 'close') return
    try {
      return await this.#answerWithoutDatabase(command, reply)
    } catch (error) {
      if (!(error instanceof NoDatabaseSelected)) throw error
      await this.#useOnly(error)
    }
    if (this.#executor) await executeCommand(this.#executor, command, reply)
  }

  #answerWithoutDatabase(command: StatementCommand, reply: Reply): Promise<void> {
    if (command.kind !== 'query') throw new NoDatabaseSelected()
    return answerWithoutDatabase(readText(command.text, this.#encoding), reply, {
      connectionId: this.#door.connectionId,
      version: this.#door.serverVersion,
      user: this.#login.candidate.user,
      databases: this.#databases,
      settings: this.#settings,
      use: (database) => this.#use(database),
      kill: (id, isQueryOnly) => this.#judgedKill(id, isQueryOnly),
    })
  }

  /** Tools set things and look round before they say USE: there is no doubt where, if there is one database only. */
  async #useOnly(refusal: NoDatabaseSelected): Promise<void> {
    const [only, another] = this.#databases
    if (only === undefined || another !== undefined) throw refusal
    await this.#use(only)
  }

  get #databases(): readonly string[] {
    const { candidate, arrival } = this.#login
    return this.#door.gateway.identity.databases(candidate, arrival)
  }

  #has(capability: number): boolean {
    return (this.#login.capabilities & capability) !== 0
  }

  get #status(): number {
    return this.#executor?.status ?? STATUS.autocommit
  }

  async #setOption(option: number, reply: Reply): Promise<void> {
    if (option > 1) return reply.refuse(new UnknownCommand(COMMAND.setOption))
    this.#mayMultiStatements = option === 0
    await reply.send([encodeEof({ warnings: 0, status: this.#status })])
  }

  async #initDb(database: string, reply: Reply): Promise<void> {
    await this.#use(database)
    await reply.ok({ status: this.#status })
  }

  async #reset(reply: Reply): Promise<void> {
    await this.#executor?.reset()
    this.#settings.length = 0
    this.#encoding = this.#login.encoding
    await reply.ok()
  }

  /** The same person opens another database; the one left keeps nothing of this session. */
  async #use(database: string): Promise<void> {
    if (this.#has(CAPABILITY.sessionTrack)) this.#reply?.noteSchema(database)
    const { identity } = this.#door.gateway
    const { candidate, arrival } = this.#login
    const facts = this.#facts
      ? await identity.reopen(this.#facts, database)
      : await identity.open(candidate, { ...arrival, database })
    if (this.#facts?.databaseId === facts.databaseId) {
      this.#facts = facts
      return
    }
    await this.#leave()
    this.#open(facts)
    await this.#setUp()
  }

  /** What was set before there was a database to set it in: without it, none is opened. */
  async #setUp(): Promise<void> {
    try {
      for (const text of this.#settings) await this.#executor?.adopt(text)
      this.#settings.length = 0
    } catch (error) {
      await this.#leave()
      throw error
    }
  }

  #open(facts: SessionFacts | undefined): void {
    if (!facts) return
    this.#facts = facts
    this.#door.gateway.observer.sessionOpened(facts.databaseId)
    this.#executor = this.#door.createExecutor(this.#side(facts))
    if (!this.#has(CAPABILITY.compress)) this.#channel.shortCut = this.#executor.shortCut
  }

  async #leave(): Promise<void> {
    const facts = this.#facts
    const executor = this.#executor
    this.#facts = undefined
    this.#executor = undefined
    this.#channel.shortCut = undefined
    if (!facts) return
    this.#door.gateway.observer.sessionClosed(facts.databaseId)
    await executor?.reset()
  }

  #side(facts: SessionFacts): SessionSide {
    const session = this
    return {
      facts,
      gateway: this.#door.gateway,
      channel: this.#channel,
      signal: this.#gone.signal,
      connectionId: this.#door.connectionId,
      serverVersion: this.#door.serverVersion,
      charset: this.#charset,
      countsFoundRows: this.#has(CAPABILITY.foundRows),
      offersFiles: this.#has(CAPABILITY.localFiles),
      saysAttributes: this.#has(CAPABILITY.queryAttributes),
      get mayMultiStatements() {
        return session.#mayMultiStatements
      },
      get encoding() {
        return session.#encoding
      },
      answered: () => this.#answered(),
      use: (database) => this.#use(database),
      kill: (id, isQueryOnly) => this.#kill(id, isQueryOnly),
      readText: (bytes) => readText(bytes, this.#encoding),
      readStatement: (bytes) => readStatement(bytes, this.#encoding),
      speak: (encoding) => {
        this.#encoding = encoding
      },
    }
  }

  async #changeUser(packet: Packet, reply: Reply): Promise<void> {
    const change = decodeChangeUser(packet.payload, this.#login.capabilities)
    await this.#leave()
    this.#settings.length = 0
    const collation = change.collation || undefined
    const encoding = collation ? encodingFor(collation) : this.#login.encoding
    const charset = collation ? charsetStatement(collation) : this.#login.charset
    const { gateway, address } = this.#door
    const { certificateNames } = this.#login.arrival
    const arrival = { ...arrivalOf(change, address), certificateNames }
    const candidate = await gateway.identity.find(change.user, address)
    // The scramble was made for a nonce that was used before: a new one is asked for.
    const claim = { candidate, plugin: '', response: change.authResponse, nonce: createNonce() }
    const { facts, sequence } = await admit(
      this.#channel,
      { ...claim, sequence: packet.sequence, arrival },
      this.#door,
    )
    this.#login = { ...this.#login, candidate, arrival, encoding, charset, facts, sequence }
    this.#encoding = encoding
    this.#charset = charset
    this.#open(facts)
    reply.sequence = sequence + 1
    await reply.ok()
  }

  async #killById(connectionId: number, reply: Reply): Promise<void> {
    await this.#judgedKill(connectionId, false)
    await reply.ok({ status: this.#status })
  }

  /** A KILL that came by another way than a judged text: it is judged and recorded as the one it is. */
  async #judgedKill(connectionId: number, isQueryOnly: boolean): Promise<void> {
    const facts = this.#facts ?? this.#target(connectionId).facts
    if (!facts) return this.#kill(connectionId, isQueryOnly)
    const text = `KILL ${isQueryOnly ? 'QUERY ' : ''}${connectionId}`
    const subject = { text, facts, prepared: new Map() }
    const { tickets } = await admitStatement(subject, this.#door.gateway)
    try {
      await this.#kill(connectionId, isQueryOnly)
      endAll(tickets, 'ok')
    } finally {
      endAll(tickets, 'error', '1094')
    }
  }

  /** Only one's own sessions: those of others don't exist. */
  #target(connectionId: number): MysqlSession {
    const target = this.#door.sessionOf(connectionId)
    if (!target || !this.#isOfSamePerson(target)) throw new UnknownThread(connectionId)
    return target
  }

  /** Not by user name: each one-time token of a person is a name of its own. */
  #isOfSamePerson(other: MysqlSession): boolean {
    const mine = this.#facts?.principal.id
    return mine === undefined ? other.user === this.user : other.facts?.principal.id === mine
  }

  #kill(connectionId: number, isQueryOnly: boolean): Promise<void> {
    return this.#target(connectionId).kill(isQueryOnly)
  }

  /** By the short cut; what was put off meanwhile is made good. */
  #answered(): void {
    if (this.#door.gateway.draining.aborted) this.#drain()
    this.#channel.goOn()
  }

  /** A client that waits for nothing is told that the gateway stops; others when they have their answer. */
  #drain(): void {
    if (this.#mayStop) this.#channel.interrupt(new ShuttingDown())
  }

  #refuseDrained(): void {
    if (this.#door.gateway.draining.aborted && this.#mayStop) throw new ShuttingDown()
  }

  get #mayStop(): boolean {
    const isFree = !this.#reply && !this.#channel.shortCut?.isBusy
    return isFree && !this.#executor?.isInTransaction
  }

  /** Nobody waits for the answer any more. */
  #abandon(): void {
    this.#gone.abort(new ClientGone())
    this.#executor?.abandon().catch((error: unknown) => {
      this.#door.gateway.log.warn({ err: error }, 'a statement of a lost client was not cancelled')
    })
  }
}

/** The empty packet is no command. */
function decode({ payload }: Packet, capabilities: number): Command {
  if (payload.length === 0) throw new PacketViolation('an empty command')
  return decodeCommand(payload, capabilities)
}
