import { FeatureNotSupported } from '@articdbm/contract'
import {
  decodeParameters,
  type Err,
  encodeColumn,
  encodeEof,
  encodePreparedOk,
  STATUS,
} from '@articdbm/wire/mysql'
import type { Ticket } from '../../admit/admission.ts'
import type { SqliteLeasable } from '../../gateway.ts'
import type { Pool } from '../../pool/pool.ts'
import type { SqliteColumn, SqliteValue } from '../../sqlite/index.ts'
import { MultiStatementsOff, TooManyPrepared, UnknownStatement, WrongArguments } from '../faults.ts'
import type { Reply } from '../reply.ts'
import {
  CURSOR_FLAGS,
  type PreparedStatement,
  PreparedStatements,
} from '../server/prepared-statement.ts'
import {
  type Constant,
  constantColumns,
  encodeBinaryConstant,
  encodeConstant,
  textColumn,
} from '../session/constants.ts'
import { Diagnostics } from '../session/diagnostics.ts'
import type { CommandOf, Executor, SessionSide } from '../session/executor.ts'
import { type Admitted, admitStatement, judgeAhead, type Subject } from '../session/statement.ts'
import { SqliteHold } from './hold.ts'
import { allowedBy } from './permission.ts'
import { sendResult } from './result.ts'
import { identifier, type Plan, translate } from './translate.ts'
import { columnOf, declaredShape, parameterOf } from './types.ts'

const STATEMENT_TIMEOUT_MS = 3_600_000
/** What is judged in place of something that touches no table. */
const TOUCHES_NOTHING = 'SELECT NULL'

interface Wish {
  readonly typed: string
  readonly plan: Plan
  readonly parameters: readonly SqliteValue[]
  readonly protocol: 'text' | 'binary'
}

const AS_TEXT = { parameters: [], protocol: 'text' } as const

/** Executes on SQLite files what MySQL's clients send. */
export class SqliteExecutor implements Executor {
  readonly #session: SessionSide
  readonly #hold: SqliteHold
  readonly #statements = new PreparedStatements()
  readonly #diagnostics = new Diagnostics()
  #isAutocommit = true

  constructor(session: SessionSide, pool: () => Pool<SqliteLeasable>) {
    this.#session = session
    this.#hold = new SqliteHold(pool, session.signal)
  }

  get isInTransaction(): boolean {
    return this.#hold.isInTransaction
  }

  get status(): number {
    const autocommit = this.#isAutocommit ? STATUS.autocommit : 0
    return autocommit | (this.isInTransaction ? STATUS.inTransaction : 0)
  }

  query(command: CommandOf<'query'>, reply: Reply): Promise<void> {
    const typed = this.#session.readText(command.text)
    const own = this.#diagnostics.answer(typed, 'nobody')
    if (!own) this.#diagnostics.forget()
    return this.#execute(
      { typed, plan: own ? { kind: 'constant', constant: own } : this.#plan(typed), ...AS_TEXT },
      reply,
    )
  }

  noteRefusal(refusal: Err): void {
    this.#diagnostics.note(refusal)
  }

  async prepare(command: CommandOf<'prepare'>, reply: Reply): Promise<void> {
    const { maxPreparedPerSession } = this.#session.gateway.limits
    if (this.#statements.size >= maxPreparedPerSession)
      throw new TooManyPrepared(maxPreparedPerSession)
    const typed = this.#session.readText(command.text)
    this.#statements.forgetLast()
    const { columns, parameters } = await this.#describe(typed)
    const { id } = this.#statements.add(typed, parameters)
    const end = encodeEof({ warnings: 0, status: this.status })
    const named = Array.from({ length: parameters }, () => textColumn('?'))
    await reply.send([
      encodePreparedOk({ statementId: id, columns: columns.length, parameters, warnings: 0 }),
      ...(parameters > 0 ? [...named, end] : []),
      ...(columns.length > 0 ? [...columns, end] : []),
    ])
  }

  async execute(command: CommandOf<'execute'>, reply: Reply): Promise<void> {
    const statement = this.#find(command.statementId, 'COM_STMT_EXECUTE')
    if ((command.flags & CURSOR_FLAGS) !== 0)
      throw new FeatureNotSupported('cursors are not supported for SQLite')
    const parameters = this.#parameters(statement, command)
    statement.forgetLongData()
    const { text } = statement
    await this.#execute(
      { typed: text, plan: this.#plan(text), parameters, protocol: 'binary' },
      reply,
    )
  }

  fetch(command: CommandOf<'fetch'>): Promise<void> {
    return Promise.reject(new UnknownStatement(command.statementId, 'COM_STMT_FETCH'))
  }

  async resetStatement(command: CommandOf<'reset'>, reply: Reply): Promise<void> {
    this.#find(command.statementId, 'COM_STMT_RESET').forgetLongData()
    await reply.ok({ status: this.status })
  }

  /** None of them means anything here. */
  adopt(): Promise<void> {
    return Promise.resolve()
  }

  longData({ statementId, parameter, bytes }: CommandOf<'long data'>): void {
    this.#statements.find(statementId)?.addLongData(parameter, bytes, this.#maxLongBytes)
  }

  closeStatement({ statementId }: CommandOf<'close'>): Promise<void> {
    this.#statements.remove(statementId)
    return Promise.resolve()
  }

  async fieldList(command: CommandOf<'field list'>, reply: Reply): Promise<void> {
    const table = this.#session.readText(command.table)
    const text = `SELECT * FROM ${identifier(table)}`
    const { judged, tickets } = await admitStatement(this.#subject(text), this.#session.gateway)
    await this.#ending(tickets, reply, async () => {
      const connection = await this.#hold.take()
      const { columns } = await connection.describe(text, allowedBy(judged.statements))
      // A default value follows each definition: NULL.
      const definitions = this.#definitions(columns).map((one) =>
        Buffer.concat([one, Buffer.of(0xfb)]),
      )
      await reply.send([...definitions, encodeEof({ warnings: 0, status: this.status })])
      return columns.length
    })
  }

  async reset(): Promise<void> {
    this.#statements.clear()
    this.#isAutocommit = true
    await this.#hold.end()
  }

  cancel(): Promise<void> {
    this.#hold.interrupt()
    return Promise.resolve()
  }

  abandon(): Promise<void> {
    return this.cancel()
  }

  get #maxLongBytes(): number {
    return this.#session.gateway.limits.maxRequestBytes
  }

  #plan(typed: string): Plan {
    const { facts, connectionId, serverVersion: version, gateway } = this.#session
    const database = gateway.database(facts.databaseId)?.name
    return translate(typed, { connectionId, user: facts.principal.name, version, database })
  }

  #subject(text: string, typed?: string): Subject {
    const subject = { text, prepared: new Map(), facts: this.#session.facts }
    return typed === undefined ? subject : { ...subject, typed }
  }

  #subjectOf({ plan, typed }: Pick<Wish, 'plan' | 'typed'>): Subject {
    switch (plan.kind) {
      case 'sql':
        return this.#subject(plan.text, plan.text === typed ? undefined : typed)
      case 'finish':
        return this.#subject(this.isInTransaction ? plan.text : TOUCHES_NOTHING, typed)
      case 'constant':
      case 'autocommit':
      case 'session':
      case 'charset':
      case 'nothing':
        return this.#subject(TOUCHES_NOTHING, typed)
    }
  }

  /** THE PAGE for SQLite: judge, record, execute, tell how it ended. */
  async #execute(wish: Wish, reply: Reply): Promise<void> {
    const admitted = await admitStatement(this.#subjectOf(wish), this.#session.gateway)
    await this.#ending(admitted.tickets, reply, () => this.#carryOut(wish, admitted, reply))
  }

  async #carryOut(wish: Wish, admitted: Admitted, reply: Reply): Promise<number> {
    const { plan } = wish
    switch (plan.kind) {
      case 'sql':
        return this.#runStatements(wish, admitted, reply)
      case 'constant':
        await reply.send(this.#encodeConstant(plan.constant, wish.protocol))
        return plan.constant.rows.length
      case 'finish':
        if (this.isInTransaction) return this.#runStatements(wish, admitted, reply)
        break
      case 'autocommit':
        await this.#setAutocommit(plan.isOn)
        break
      case 'session':
        await this.#carryOutSession(plan.effect)
        break
      case 'charset':
        this.#session.speak('utf8')
        break
      case 'nothing':
        break
    }
    await reply.ok({ status: this.status })
    return 0
  }

  #encodeConstant(constant: Constant, protocol: Wish['protocol']): Buffer[] {
    return protocol === 'text'
      ? encodeConstant(constant, this.status)
      : encodeBinaryConstant(constant, this.status)
  }

  async #carryOutSession(effect: Extract<Plan, { kind: 'session' }>['effect']): Promise<void> {
    if (effect.kind === 'use') return this.#session.use(effect.database)
    if (effect.target === undefined) throw new WrongArguments('KILL')
    await this.#session.kill(effect.target, effect.isQueryOnly)
  }

  /** Switching it on ends the transaction, as in MySQL. */
  async #setAutocommit(isOn: boolean): Promise<void> {
    if (isOn && this.isInTransaction) await this.#runQuietly('COMMIT')
    this.#isAutocommit = isOn
  }

  async #runStatements(wish: Wish, { judged }: Admitted, reply: Reply): Promise<number> {
    const { statements } = judged.analysis
    if (statements.length > 1) throw this.#refusalOfMany()
    const [statement] = statements
    if (statements.some(({ session }) => session.some(({ kind }) => kind === 'pin')))
      this.#hold.pin()
    const isControl = statement?.effects.every((effect) => effect === 'control') ?? true
    if (!this.#isAutocommit && !this.isInTransaction && !isControl) await this.#runQuietly('BEGIN')
    const connection = await this.#hold.take()
    const events = connection.execute({
      sql: statement?.text ?? judged.analysis.text,
      parameters: wish.parameters,
      allowed: allowedBy(judged.statements),
      timeoutMs: STATEMENT_TIMEOUT_MS,
    })
    const schema = this.#session.gateway.database(this.#session.facts.databaseId)?.name ?? ''
    const { protocol } = wish
    const mask = judged.masks?.[0]
    const status = () => this.status
    const sent = await sendResult(events, { reply, schema, protocol, mask, status })
    return sent.rows
  }

  #refusalOfMany(): Error {
    return this.#session.mayMultiStatements
      ? new FeatureNotSupported('send the statements for a SQLite database one by one')
      : new MultiStatementsOff()
  }

  /** BEGIN and COMMIT that follow from a setting which was recorded. */
  async #runQuietly(sql: 'BEGIN' | 'COMMIT'): Promise<void> {
    const connection = await this.#hold.take()
    const wish = { sql, parameters: [], allowed: [], timeoutMs: STATEMENT_TIMEOUT_MS }
    for await (const _event of connection.execute(wish));
  }

  async #ending(
    tickets: readonly Ticket[],
    reply: Reply,
    work: () => Promise<number>,
  ): Promise<void> {
    const before = reply.channel.bytesWritten
    const endAs = (outcome: 'ok' | 'error' | 'cancelled', rows: number, errorCode: string) => {
      const bytes = reply.channel.bytesWritten - before
      for (const ticket of tickets) ticket.end({ outcome, rows, bytes, errorCode })
    }
    try {
      endAs('ok', await work(), '')
    } catch (error) {
      const errno = (error as { mysqlErrno?: unknown }).mysqlErrno
      endAs(errno === 1317 ? 'cancelled' : 'error', 0, `${errno ?? 1105}`)
      throw error
    } finally {
      this.#hold.giveBack()
    }
  }

  async #describe(typed: string): Promise<{ columns: readonly Buffer[]; parameters: number }> {
    const plan = this.#plan(typed)
    const judged = await judgeAhead(this.#subjectOf({ plan, typed }), this.#session.gateway)
    if (plan.kind === 'constant') return { columns: constantColumns(plan.constant), parameters: 0 }
    if (plan.kind !== 'sql') return { columns: [], parameters: 0 }
    if (judged.analysis.statements.length > 1) throw this.#refusalOfMany()
    try {
      const connection = await this.#hold.take()
      const sql = judged.analysis.statements[0]?.text ?? plan.text
      const described = await connection.describe(sql, allowedBy(judged.statements))
      return { columns: this.#definitions(described.columns), parameters: described.parameterCount }
    } finally {
      this.#hold.giveBack()
    }
  }

  #definitions(columns: readonly SqliteColumn[]): readonly Buffer[] {
    const schema = this.#session.gateway.database(this.#session.facts.databaseId)?.name ?? ''
    return columns.map((column) =>
      encodeColumn(columnOf(column, declaredShape(column) ?? 'text', schema)),
    )
  }

  #find(id: number, command: string): PreparedStatement {
    const statement = this.#statements.find(id)
    if (!statement) throw new UnknownStatement(id, command)
    return statement
  }

  #parameters(statement: PreparedStatement, command: CommandOf<'execute'>): readonly SqliteValue[] {
    const body = statement.bind(command, this.#session)
    if (!statement.types) return []
    if (statement.longBytes > this.#maxLongBytes) throw new WrongArguments('COM_STMT_EXECUTE')
    const long = new Map([...statement.longData].map(([at, chunks]) => [at, Buffer.concat(chunks)]))
    return decodeParameters(body, statement.types, long).map(parameterOf)
  }
}
