// COM_STMT_*: ids are the gateway's own; a text is prepared on whichever backend connection executes it.
import {
  decodePreparedOk,
  encodeCommand,
  encodeEof,
  encodeExecuteBody,
  encodePacket,
  encodePreparedOk,
  MARKER,
  STATUS,
  setStatementId,
} from '@articdbm/wire/mysql'
import type { Answer, Sink } from '../backend/answer.ts'
import type { Collection } from '../backend/collection.ts'
import type { MysqlBackend } from '../backend/connection.ts'
import {
  BackendRefusal,
  NotPreparable,
  TooManyPrepared,
  UnknownStatement,
  WrongArguments,
} from '../faults.ts'
import type { Plan } from '../lane/quick-path.ts'
import type { Reply } from '../reply.ts'
import { type Constant, constantColumns, encodeBinaryConstant } from '../session/constants.ts'
import type { CommandOf } from '../session/executor.ts'
import { judgeAhead } from '../session/statement.ts'
import { connectionIdAnswer } from './connection-id.ts'
import { changesSession, refuseEffects } from './effects.ts'
import type { ServerExecutor } from './executor.ts'
import { filesOf } from './local-file.ts'
import type { Masks } from './masked-answer.ts'
import { positionColumns } from './position.ts'
import {
  CURSOR_FLAGS,
  type PreparedStatement,
  PreparedStatements,
  preparedKey,
} from './prepared-statement.ts'
import { relay } from './relay.ts'

const NOBODY: Sink = { write: () => true, drained: () => Promise.resolve() }
const IS_PREPARED_BY_SQL = /^\s*(?:prepare|execute|deallocate)\b/i
const NO_STATEMENT = { normalized: '', digest: '' }

export class PreparedProtocol {
  readonly #executor: ServerExecutor
  readonly #statements = new PreparedStatements()

  constructor(executor: ServerExecutor) {
    this.#executor = executor
  }

  all(): Iterable<PreparedStatement> {
    return this.#statements.all()
  }

  /** Before the session's connection is reset. */
  clear(): void {
    for (const statement of this.#statements.all()) {
      if (!statement.cursor) continue
      this.#executor.hold.pin('cursor', NO_STATEMENT)
      this.#endCursor(statement)
    }
    this.#statements.clear()
  }

  async prepare(command: CommandOf<'prepare'>, reply: Reply): Promise<void> {
    const { session } = this.#executor
    const { maxPreparedPerSession } = session.gateway.limits
    if (this.#statements.size >= maxPreparedPerSession)
      throw new TooManyPrepared(maxPreparedPerSession)
    const text = session.readText(command.text)
    this.#statements.forgetLast()
    if (IS_PREPARED_BY_SQL.test(text)) throw new NotPreparable()
    const { statements } = await judgeAhead(this.#executor.subject(text), session.gateway)
    refuseEffects(statements)
    if (statements.some(changesSession) || filesOf(statements).length > 0) throw new NotPreparable()
    const own = connectionIdAnswer(text, session) ?? positionColumns(statements)
    if (own) return this.#prepareOwn(text, own, reply)
    const payloads = await this.#executor.onAnyBackend((connection) =>
      this.#prepareOn(connection, text),
    )
    const [first, ...definitions] = payloads
    if (!first || first[0] === MARKER.error) return reply.send(payloads)
    const ok = decodePreparedOk(first)
    const { id } = this.#statements.add(text, ok.parameters)
    await reply.send([encodePreparedOk({ ...ok, statementId: id }), ...definitions])
  }

  /** A statement that no backend needs to know. */
  async #prepareOwn(text: string, own: Constant, reply: Reply): Promise<void> {
    const { id } = this.#statements.add(text, 0)
    const columns = constantColumns(own)
    const ok = { statementId: id, columns: columns.length, parameters: 0, warnings: 0 }
    const end = encodeEof({ warnings: 0, status: this.#executor.status })
    await reply.send([encodePreparedOk(ok), ...columns, end])
  }

  async execute(command: CommandOf<'execute'>, reply: Reply): Promise<void> {
    const statement = this.#find(command.statementId, 'COM_STMT_EXECUTE')
    await this.#closeCursor(statement)
    const body = statement.bind(command, this.#executor.session)
    this.#checkLongData(statement)
    const admitted = await this.#executor.admit(statement.text)
    const own =
      connectionIdAnswer(statement.text, this.#executor.session) ??
      (await this.#executor.position(admitted))
    if (own && own !== 'taken') {
      const answer = encodeBinaryConstant(own, this.#executor.status)
      return this.#executor.tell(answer, admitted, reply)
    }
    const full = encodeExecuteBody({ ...body, types: statement.types })
    try {
      await this.#executor.onBackend(admitted, async (connection) => {
        const backendId = await this.backendId(connection, statement.text)
        tellLongData(connection, backendId, statement)
        // A cursor's rows come without what tells of their columns: masked ones come at once.
        const { masks: results } = admitted.judged
        const flags = results ? 0 : command.flags & CURSOR_FLAGS
        const masks: Masks | undefined = results && { format: 'binary', results }
        const bytes = encodePacket(
          encodeCommand({ kind: 'execute', statementId: backendId, flags, body: full }),
          0,
        )
        const tickets = flags === 0 ? admitted.tickets : []
        const answer = await relay(connection, reply, { bytes, kind: 'results', tickets, masks })
        if (flags !== 0)
          this.#openCursor(statement, { connection, backendId, answer, tickets: admitted.tickets })
        return answer
      })
    } finally {
      statement.forgetLongData()
    }
  }

  async fetch(command: CommandOf<'fetch'>, reply: Reply): Promise<void> {
    const statement = this.#find(command.statementId, 'COM_STMT_FETCH')
    const { cursor } = statement
    if (!cursor) throw new UnknownStatement(command.statementId, 'COM_STMT_FETCH')
    const bytes = encodePacket(encodeCommand({ ...command, statementId: cursor.backendId }), 0)
    const { hold } = this.#executor
    try {
      await hold.take()
      const answer = await relay(cursor.connection, reply, { bytes, kind: 'rows', tickets: [] })
      cursor.rows += answer.results[0]?.rows ?? 0
      cursor.bytes += answer.bytes
      const isOver = answer.error || ((answer.results[0]?.status ?? 0) & STATUS.lastRowSent) !== 0
      if (isOver) this.#endCursor(statement, answer)
    } finally {
      await hold.giveBack({ mayLinger: false })
    }
  }

  async reset(command: CommandOf<'reset'>, reply: Reply): Promise<void> {
    const statement = this.#find(command.statementId, 'COM_STMT_RESET')
    statement.forgetLongData()
    await this.#closeCursor(statement)
    await reply.ok({ status: this.#executor.status })
  }

  longData({ statementId, parameter, bytes }: CommandOf<'long data'>): void {
    const { maxRequestBytes } = this.#executor.session.gateway.limits
    this.#statements.find(statementId)?.addLongData(parameter, bytes, maxRequestBytes)
  }

  async close({ statementId }: CommandOf<'close'>): Promise<void> {
    const statement = this.#statements.find(statementId)
    if (!statement) return
    this.#statements.remove(statementId)
    await this.#closeCursor(statement)
  }

  /** Executes once more what a lane has answered; nobody is told. */
  async repeat(connection: MysqlBackend, plan: Plan): Promise<void> {
    const { prepared } = plan
    const bytes = Buffer.from(plan.bytes)
    if (prepared) setStatementId(bytes, await this.backendId(connection, prepared.text))
    await connection.ask({ bytes, kind: 'results', firstSequence: 1, sink: NOBODY })
  }

  /** Undefined where no statement has this id. */
  statement(id: number): PreparedStatement | undefined {
    return this.#statements.find(id)
  }

  #find(id: number, command: string): PreparedStatement {
    const statement = this.#statements.find(id)
    if (!statement) throw new UnknownStatement(id, command)
    return statement
  }

  #checkLongData({ longBytes }: PreparedStatement): void {
    const { maxRequestBytes } = this.#executor.session.gateway.limits
    if (longBytes > maxRequestBytes) throw new WrongArguments('COM_STMT_SEND_LONG_DATA')
  }

  /** Prepares it where the connection doesn't know it. Throws BackendRefusal. */
  async backendId(connection: MysqlBackend, text: string): Promise<number> {
    const known = connection.prepared.find(this.#key(text))
    if (known !== undefined) return known
    const [first] = await this.#prepareOn(connection, text)
    if (!first || first[0] === MARKER.error) throw new BackendRefusal(first)
    return decodePreparedOk(first).statementId
  }

  /** Gives the answer's payloads; the id in them is the backend's. */
  async #prepareOn(connection: MysqlBackend, text: string): Promise<readonly Buffer[]> {
    const collection: Collection = await connection.collect(
      { kind: 'prepare', text: Buffer.from(text) },
      'prepared',
    )
    const payloads = collection.payloads()
    const [first] = payloads
    if (first && first[0] !== MARKER.error) {
      const spare = connection.prepared.remember(
        this.#key(text),
        decodePreparedOk(first).statementId,
      )
      for (const statementId of spare) connection.tell({ kind: 'close', statementId })
    }
    return payloads
  }

  #key(text: string): string {
    return preparedKey(text, this.#executor.reading)
  }

  #openCursor(
    statement: PreparedStatement,
    opened: Pick<
      NonNullable<PreparedStatement['cursor']>,
      'connection' | 'backendId' | 'tickets'
    > & {
      readonly answer: Answer
    },
  ): void {
    const { connection, backendId, tickets, answer } = opened
    const status = answer.results.at(-1)?.status ?? 0
    const key = this.#key(statement.text)
    statement.cursor = {
      connection,
      backendId,
      key,
      tickets,
      rows: answer.results[0]?.rows ?? 0,
      bytes: answer.bytes,
    }
    connection.prepared.take(key)
    this.#executor.hold.openCursor()
    if ((status & STATUS.cursorExists) === 0) this.#endCursor(statement, answer)
  }

  /** The statement may serve others on its connection again. */
  #endCursor(statement: PreparedStatement, answer?: Answer): void {
    const { cursor } = statement
    if (!cursor) return
    statement.cursor = undefined
    const { connection, key, backendId, rows, bytes } = cursor
    const errorCode = answer?.error ? `${answer.error.errno}` : ''
    for (const ticket of cursor.tickets) {
      ticket.end({ outcome: answer?.error ? 'error' : 'ok', rows, bytes, errorCode })
    }
    this.#executor.hold.closeCursor()
    for (const statementId of connection.prepared.remember(key, backendId)) {
      connection.tell({ kind: 'close', statementId })
    }
  }

  async #closeCursor(statement: PreparedStatement): Promise<void> {
    const { cursor } = statement
    if (!cursor) return
    this.#endCursor(statement)
    if (!cursor.connection.isOpen) return
    await this.#executor.onAnyBackend((connection) =>
      connection.collect({ kind: 'reset', statementId: cursor.backendId }, 'ok'),
    )
  }
}

function tellLongData(
  connection: MysqlBackend,
  statementId: number,
  statement: PreparedStatement,
): void {
  for (const [parameter, chunks] of statement.longData) {
    connection.tell({ kind: 'long data', statementId, parameter, bytes: Buffer.concat(chunks) })
  }
}
