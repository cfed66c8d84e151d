import type { Socket } from 'node:net'
import {
  type AnswerKind,
  decodeTextRow,
  encodeCommand,
  encodePacket,
  isInTransaction,
  type PlainCommand,
  STATUS,
} from '@articdbm/wire/mysql'
import { type QuickWriter, quickWriter, readQuickly } from '../../listen/quick-socket.ts'
import type { BackendConnection } from '../../pool/pool.ts'
import { type Wire, wireOf } from '../../pool/wire.ts'
import { DEFAULT_CHARSET } from '../charset.ts'
import type { Answer, Question } from './answer.ts'
import { Collection } from './collection.ts'
import { Exchange } from './exchange.ts'
import { PreparedOnBackend } from './prepared.ts'
import { isSame, NO_SETTINGS, type Settings, statementsBetween } from './settings.ts'
import { withoutLexicalModes } from './sql-mode.ts'

export interface ConnectionOptions {
  /** Sends KILL QUERY over a connection of its own. */
  readonly cancel: () => Promise<void>
  /** The schema it was opened on. */
  readonly schema: string
}

/** Has the connection to itself: it asks and reads past the exchanges. */
export interface Reader {
  take(chunk: Buffer): void
  lost(): void
}

/** An authenticated connection to a MySQL or MariaDB backend: one question at a time. */
export class MysqlBackend implements BackendConnection {
  readonly prepared = new PreparedOnBackend()
  readonly wire: Wire
  readonly #socket: Socket
  readonly #writer: QuickWriter | undefined
  readonly #options: ConnectionOptions
  readonly #closedListeners: (() => void)[] = []
  #reader: Reader | undefined
  #exchange: Exchange | undefined
  #status: number = STATUS.autocommit
  #isOpen = true
  #isTainted = false
  #charset = ''
  #freshModes = ''
  #settings: Settings = NO_SETTINGS
  #hasMultiStatements = false

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket
    this.wire = wireOf(socket)
    this.#options = options
    // The quick chunk is this connection's only until it returns.
    const isQuick = readQuickly(socket, (chunk) => this.#take(Buffer.from(chunk)))
    this.#writer = isQuick ? quickWriter(socket) : undefined
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('error', (error) => this.#lose(error.message))
    socket.on('end', () => this.#lose('the backend closed the connection'))
    socket.on('close', () => this.#lose('the connection was closed'))
    socket.resume()
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  get isReusable(): boolean {
    const isFree = !this.#exchange && !this.#reader
    return this.#isOpen && !this.#isTainted && isFree && !this.isInTransaction
  }

  get isInTransaction(): boolean {
    return isInTransaction(this.#status)
  }

  get status(): number {
    return this.#status
  }

  /** The modes of a session that set none: the server's own, but for those that change how texts are read. */
  get freshModes(): string {
    return this.#freshModes
  }

  get isTainted(): boolean {
    return this.#isTainted
  }

  /** It holds what belongs to one session; only `reset` makes it anybody's again. */
  taint(): void {
    this.#isTainted = true
  }

  close(): void {
    this.#lose('the connection was closed')
  }

  onClosed(listener: () => void): void {
    if (this.#isOpen) this.#closedListeners.push(listener)
    else listener()
  }

  /** From here on every chunk goes to one reader; undefined: to the exchanges again. */
  readBy(reader: Reader | undefined): void {
    this.#reader = reader
  }

  /** What is written waits in memory where the backend is slow: whoever writes keeps count. False: something waits. */
  writeNow(bytes: Buffer): boolean {
    if (!this.#isOpen) return true
    return this.#writer?.write(bytes, false) ?? this.#socket.write(bytes)
  }

  /** What the results of an answer tell of the transaction; an ERR tells nothing of it. */
  noteResults(results: Answer['results']): void {
    const last = results.at(-1)
    if (last) this.#status = last.status
  }

  /** The backend waits with what it has to say. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    if (this.#isOpen) this.#socket.resume()
  }

  /** Asks and passes the answer on. Rejects with AnswerLost; the connection is closed then. */
  async ask(question: Question): Promise<Answer> {
    if (this.#exchange) throw new Error('a question is under way on this connection')
    const exchange = new Exchange(question)
    if (!this.#isOpen) exchange.fail('the connection is closed')
    else {
      this.#exchange = exchange
      this.writeNow(question.bytes)
    }
    const answer = await exchange.answer
    // The answer to a PREPARE tells no status.
    if (question.kind !== 'prepared') this.noteResults(answer.results)
    return answer
  }

  /** Packets of a client's file that the backend asked for; false once the question is over. */
  async feed(bytes: Buffer, nextSequence: number): Promise<boolean> {
    if (!this.#exchange) return false
    this.#exchange.goOnFrom(nextSequence)
    if (!this.writeNow(bytes)) await this.#drained()
    return true
  }

  /** A small question of the gateway's own; its packets are kept. */
  async collect(command: PlainCommand, kind: AnswerKind): Promise<Collection> {
    const collection = new Collection()
    const bytes = encodePacket(encodeCommand(command), 0)
    collection.answer = await this.ask({ bytes, kind, firstSequence: 1, sink: collection })
    return collection
  }

  /** A statement of the gateway's own that must succeed. */
  async execute(sql: string): Promise<void> {
    const { answer } = await this.collect({ kind: 'query', text: Buffer.from(sql) }, 'results')
    if (answer?.error) throw new Error(`${answer.error.message} (${answer.error.errno})`)
  }

  /** Commands that have no answer: COM_STMT_CLOSE, COM_STMT_SEND_LONG_DATA. */
  tell(command: PlainCommand): void {
    this.writeNow(encodePacket(encodeCommand(command), 0))
  }

  /** The statement that sets a session's character set; sent only where another one was in force. */
  async useCharset(statement: string): Promise<void> {
    if (statement === this.#charset) return
    await this.execute(statement)
    this.#charset = statement
  }

  /** Ready for statements of many sessions. Rejects where it has no such character set, or leaves transactions open. */
  async becomeShared(charset: string): Promise<void> {
    await this.useCharset(charset)
    await this.useSettings(NO_SETTINGS)
    await this.allowMultiStatements(false)
    if (this.isInTransaction) throw new Error('this server begins transactions by itself')
  }

  /** A client's own SET NAMES went through. */
  followCharset(statement: string): void {
    this.#charset = statement
  }

  /** What its session has set. Rejects where the backend has no such setting: the connection is nobody's then. */
  async useSettings(settings: Settings): Promise<void> {
    if (isSame(settings, this.#settings)) return
    const statements = statementsBetween(this.#settings, settings, this.#freshModes)
    if (!statements) {
      await this.#resetKeepingCharset()
      return this.useSettings(settings)
    }
    const wasTainted = this.#isTainted
    this.#isTainted = true
    for (const statement of statements) await this.execute(statement)
    this.#isTainted = wasTainted
    this.#settings = settings
  }

  /** True where nothing has to be asked first for a single statement of a session with these. */
  isBroughtTo(charset: string, settings: Settings): boolean {
    if (charset !== this.#charset || this.#hasMultiStatements) return false
    return isSame(settings, this.#settings)
  }

  /** A client's own SET went through. */
  followSettings(settings: Settings): void {
    this.#settings = settings
  }

  async #resetKeepingCharset(): Promise<void> {
    const charset = this.#charset
    await this.reset()
    await this.useCharset(charset)
  }

  /** For requests of several statements only: a second statement that nobody judged is then refused by the backend. */
  async allowMultiStatements(isAllowed: boolean): Promise<void> {
    if (isAllowed === this.#hasMultiStatements) return
    const option = isAllowed ? 0 : 1
    await this.collect({ kind: 'set option', option }, 'ok')
    this.#hasMultiStatements = isAllowed
  }

  /** Back to a fresh session: rolls back, drops temporary tables, locks, variables and prepared statements. */
  async reset(): Promise<void> {
    const { answer } = await this.collect({ kind: 'reset connection' }, 'ok')
    if (answer?.error) throw new Error(answer.error.message)
    this.prepared.clear()
    await this.#enterSchema()
    await this.setUp()
    this.#isTainted = false
  }

  /** MariaDB's reset leaves the schema, but not its character set: files would be read in the server's. */
  async #enterSchema(): Promise<void> {
    const { schema } = this.#options
    if (schema === '') return
    const { answer } = await this.collect({ kind: 'init db', database: Buffer.from(schema) }, 'ok')
    if (answer?.error) throw new Error(answer.error.message)
  }

  /** Brings a fresh session into the state that sessions count on. */
  async setUp(): Promise<void> {
    this.#charset = ''
    this.#settings = NO_SETTINGS
    await this.useCharset(DEFAULT_CHARSET)
    await this.allowMultiStatements(false)
    const modes = await this.#ask1('SELECT @@SESSION.sql_mode')
    const safe = withoutLexicalModes(modes)
    if (safe !== modes) await this.execute(`SET SESSION sql_mode = '${safe}'`)
    this.#freshModes = safe
  }

  /** As the next text was judged: code that nobody has read may have changed how texts are read. */
  async renewReading(): Promise<void> {
    const charset = this.#charset
    this.#charset = ''
    await this.useCharset(charset)
    const modes = await this.#ask1('SELECT @@SESSION.sql_mode')
    if (withoutLexicalModes(modes) !== modes) this.close()
  }

  /** COM_PING's OK tells the transaction status, which an ERR doesn't. */
  async ping(): Promise<void> {
    await this.collect({ kind: 'ping' }, 'ok')
  }

  /** Ends what is under way. The connection is tainted: the KILL may arrive after the statement's end. */
  async cancel(): Promise<void> {
    this.#isTainted = true
    await this.#options.cancel()
  }

  async #ask1(sql: string): Promise<string> {
    const collection = await this.collect({ kind: 'query', text: Buffer.from(sql) }, 'results')
    const { answer } = collection
    if (answer?.error) throw new Error(`${answer.error.message} (${answer.error.errno})`)
    // The column count, one definition, EOF, the row.
    const row = collection.payloads()[3]
    return row ? (decodeTextRow(row, 1)[0]?.toString('utf8') ?? '') : ''
  }

  #take(chunk: Buffer): void {
    if (this.#reader) {
      this.#reader.take(chunk)
      return
    }
    const exchange = this.#exchange
    if (!exchange) {
      this.#lose('the backend speaks without being asked')
      return
    }
    try {
      if (!exchange.take(chunk) && !exchange.isEnded) this.#waitFor(exchange)
      if (exchange.isEnded) this.#finish(exchange)
    } catch (error) {
      this.#lose(error instanceof Error ? error.message : String(error))
    }
  }

  #drained(): Promise<void> {
    const socket = this.#socket
    const isFull = this.#writer?.isPending || socket.writableNeedDrain
    if (!this.#isOpen || !isFull) return Promise.resolve()
    return new Promise((resolve) => {
      const settle = () => {
        socket.off('drain', settle)
        socket.off('close', settle)
        resolve()
      }
      socket.once('drain', settle)
      socket.once('close', settle)
    })
  }

  #finish(exchange: Exchange): void {
    this.#exchange = undefined
    exchange.finish()
  }

  #waitFor(exchange: Exchange): void {
    this.#socket.pause()
    exchange.drained().then(
      () => this.#socket.resume(),
      () => this.#lose('the client is gone'),
    )
  }

  #lose(why: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#socket.destroy()
    const exchange = this.#exchange
    this.#exchange = undefined
    exchange?.fail(why)
    this.#reader?.lost()
    for (const listener of this.#closedListeners.splice(0)) listener()
  }
}
