// A small PostgreSQL server over one SQLite connection: it answers each frame as PostgreSQL would.
import { FeatureNotSupported } from '@articdbm/contract'
import { type Analysis, analyze, type Statement } from '@articdbm/sql'
import {
  decodeFrontend,
  type FrontendMessage,
  type Piece,
  type TransactionStatus,
} from '@articdbm/wire/postgres'
import type { Judged } from '../../admit/admission.ts'
import type { SqliteConnection, SqliteValue } from '../../sqlite/index.ts'
import type { Outgoing } from '../executor.ts'
import { PostgresFault } from '../fault.ts'
import { errorResponse } from '../refusal.ts'
import type { CopyIn } from './copy-in.ts'
import { CopyLoad } from './copy-load.ts'
import { copyInPieces } from './copy-pieces.ts'
import { Cursor, describeField, formatOf } from './cursor.ts'
import { bindValues, numberParameters } from './parameters.ts'
import { allowedBy, frame, isExecuteOf, type Pieces, rowsOf, said } from './pieces.ts'
import { type Substitute, substituteFor } from './substitutes.ts'
import { tagOf } from './tag.ts'
import type { Told } from './told.ts'
import { declaredType, OID } from './types.ts'

const DEFAULT_TIMEOUT_MS = 600_000
const ALL_ROWS = Number.MAX_SAFE_INTEGER

interface Prepared {
  readonly text: string
  readonly parameterTypes: readonly number[]
}

interface Portal {
  readonly prepared: Prepared
  readonly values: readonly SqliteValue[]
  readonly formats: readonly number[]
  cursor: Cursor | undefined
  hasCompleted: boolean
}

type Typing = Parameters<Cursor['open']>[0]
type Of<K extends FrontendMessage['kind']> = FrontendMessage & { readonly kind: K }
export class SqliteServer {
  readonly #connection: SqliteConnection
  readonly #told: Told
  /** Frames that wait for their answers. */
  readonly #queue: Outgoing[]
  #load: CopyLoad | undefined
  readonly #statements = new Map<string, Prepared>()
  readonly #portals = new Map<string, Portal>()
  /** As PostgreSQL sees it: after an error nothing runs until ROLLBACK, though SQLite would go on. */
  #status: TransactionStatus = 'idle'
  #isReadOnly = false
  #isSkipping = false
  timeoutMs: number | undefined

  constructor(connection: SqliteConnection, told: Told, queue: Outgoing[]) {
    this.#connection = connection
    this.#told = told
    this.#queue = queue
  }

  /** Never throws: a failure is an ErrorResponse, and what PostgreSQL would then do. */
  async *answer({ bytes, judged }: Outgoing): Pieces {
    const body = bytes.subarray(5)
    const message = decodeFrontend({ code: bytes.readUInt8(0), bytes, body })
    if (this.#isSkipping && message.kind !== 'sync') return
    try {
      yield* this.#answerMessage(message, judged)
    } catch (error) {
      yield frame(errorResponse(error))
      this.#fail()
      if (message.kind !== 'query') this.#isSkipping = true
    }
    if (message.kind !== 'query' && message.kind !== 'sync') return
    this.#isSkipping = false
    if (this.#status === 'idle') await this.closePortals()
    yield said({ kind: 'readyForQuery', status: this.#status })
  }

  /** Of what runs now. */
  cancel(): void {
    this.#load?.cancel()
    this.#connection.interrupt()
  }

  async closePortals(): Promise<void> {
    for (const portal of this.#portals.values()) await portal.cursor?.close()
    this.#portals.clear()
  }

  async *#answerMessage(message: FrontendMessage, judged: Judged | undefined): Pieces {
    switch (message.kind) {
      case 'query':
        if (judged) yield* this.#query(judged)
        break
      case 'parse':
        yield this.#parse(message)
        break
      case 'bind':
        yield await this.#bind(message)
        break
      case 'describe':
        yield* this.#describe(message)
        break
      case 'execute':
        yield* this.#execute(message, judged)
        break
      case 'close':
        yield await this.#close(message)
        break
      default:
        break
    }
  }

  #fail(): void {
    if (this.#status === 'active') this.#status = 'failed'
  }

  /** Several statements in one text are one transaction, unless they steer transactions themselves. */
  async *#query(judged: Judged): Pieces {
    await this.#closePortal('')
    const { statements } = judged.analysis
    if (statements.length === 0) yield said({ kind: 'emptyQueryResponse' })
    const steers = statements.some(({ effects }) => effects.includes('control'))
    const isImplicit = statements.length > 1 && !steers && this.#status === 'idle'
    if (isImplicit) await this.#command('BEGIN')
    try {
      for (const at of statements.keys()) yield* this.#simple(judged, at)
      if (isImplicit) await this.#command('COMMIT')
    } finally {
      if (isImplicit && this.#connection.inTransaction) await this.#command('ROLLBACK')
      if (isImplicit) this.#status = 'idle'
    }
  }

  async *#simple(judged: Judged, at: number): Pieces {
    const copyIn = this.#copyInOf(judged, at)
    if (copyIn) {
      yield* this.#copyIn(copyIn, judged, at)
      return
    }
    const cursor = await this.#open({ judged, at, values: [], typing: 'by values' })
    try {
      const fields = cursor.describe([])
      if (fields.length > 0) yield said({ kind: 'rowDescription', fields })
      yield* rowsOf(cursor, ALL_ROWS, [])
      yield this.#complete(judged, at, cursor)
    } finally {
      await cursor.close()
    }
  }

  #parse({ statement, text, parameterTypes }: Of<'parse'>): Piece {
    this.#statements.set(statement, { text, parameterTypes })
    return said({ kind: 'parseComplete' })
  }

  async #bind(message: Of<'bind'>): Promise<Piece> {
    const prepared = this.#statements.get(message.statement)
    if (!prepared) throw new PostgresFault('26000', 'prepared statement does not exist')
    await this.#closePortal(message.portal)
    this.#portals.set(message.portal, {
      prepared,
      values: bindValues(message, prepared.parameterTypes),
      formats: message.resultFormats,
      cursor: undefined,
      hasCompleted: false,
    })
    return said({ kind: 'bindComplete' })
  }

  async *#describe({ target, name }: Of<'describe'>): Pieces {
    if (target === 'portal') {
      yield await this.#describePortal(name)
      return
    }
    const prepared = this.#statements.get(name)
    if (!prepared) throw new PostgresFault('26000', 'prepared statement does not exist')
    const { parameterCount, columns } = await this.#compile(prepared.text)
    const typeOids = Array.from(
      { length: parameterCount },
      (_, at) => prepared.parameterTypes[at] || OID.text,
    )
    yield said({ kind: 'parameterDescription', typeOids })
    const types = columns.map((column) => declaredType(column) ?? 'text')
    const fields = columns.map((column, at) => describeField(column, types[at] ?? 'text', 0))
    yield said(fields.length > 0 ? { kind: 'rowDescription', fields } : { kind: 'noData' })
  }

  /** Where the Execute is there already, the first rows tell the types of expressions. */
  async #describePortal(name: string): Promise<Piece> {
    const portal = this.#portals.get(name)
    if (!portal) throw new PostgresFault('34000', `portal "${name}" does not exist`)
    const [next] = this.#queue
    const execute = next && isExecuteOf(next.bytes, name) ? next : undefined
    const isKnown = execute?.judged?.analysis.statements.length === 1
    if (execute?.judged && isKnown && !this.#copyInOf(execute.judged, 0)) {
      portal.cursor ??= await this.#openPortal(portal, execute.judged, 'by values')
      const fields = portal.cursor.describe(portal.formats)
      return said(fields.length > 0 ? { kind: 'rowDescription', fields } : { kind: 'noData' })
    }
    const { columns } = await this.#compile(portal.prepared.text)
    const types = columns.map((column) => declaredType(column) ?? 'text')
    const fields = columns.map((column, at) =>
      describeField(column, types[at] ?? 'text', formatOf(portal.formats, at)),
    )
    return said(fields.length > 0 ? { kind: 'rowDescription', fields } : { kind: 'noData' })
  }

  async *#execute({ portal: name, maxRows }: Of<'execute'>, judged: Judged | undefined): Pieces {
    const portal = this.#portals.get(name)
    if (!portal || !judged) throw new PostgresFault('34000', `portal "${name}" does not exist`)
    const { statements } = judged.analysis
    if (statements.length === 0) {
      yield said({ kind: 'emptyQueryResponse' })
      return
    }
    if (statements.length > 1) {
      throw new PostgresFault('42601', 'cannot insert multiple commands into a prepared statement')
    }
    if (portal.hasCompleted)
      throw new PostgresFault('55000', `portal "${name}" cannot be run anymore`)
    const copyIn = this.#copyInOf(judged, 0)
    if (copyIn) {
      portal.hasCompleted = true
      yield* this.#copyIn(copyIn, judged, 0)
      return
    }
    portal.cursor ??= await this.#openPortal(portal, judged, 'declared')
    const { cursor } = portal
    yield* rowsOf(cursor, maxRows === 0 ? ALL_ROWS : maxRows, portal.formats)
    if (maxRows > 0 && (await cursor.hasMore())) {
      yield said({ kind: 'portalSuspended' })
      return
    }
    portal.hasCompleted = true
    yield this.#complete(judged, 0, cursor)
    await cursor.close()
  }

  #copyInOf({ analysis }: Judged, at: number): CopyIn | undefined {
    return substituteFor(analysis.statements[at]?.text ?? '', this.#told)?.copyIn
  }

  /** Takes the lines that the client sends now. */
  async *#copyIn(copy: CopyIn, judged: Judged, at: number): Pieces {
    const statement = judged.analysis.statements[at]
    if (statement) this.#refuseWhatMayNotRun(statement)
    this.#refuseSecondPortal()
    const load = new CopyLoad({
      connection: this.#connection,
      copy,
      allowed: allowedBy(judged, at),
      timeoutMs: this.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    })
    this.#load = load
    try {
      yield* copyInPieces(load, this.#queue)
    } finally {
      this.#load = undefined
      await load.close()
    }
    this.#followTransaction(undefined, undefined)
    yield said({ kind: 'commandComplete', tag: `COPY ${load.rows}` })
  }

  async #close({ target, name }: Of<'close'>): Promise<Piece> {
    if (target === 'statement') this.#statements.delete(name)
    else await this.#closePortal(name)
    return said({ kind: 'closeComplete' })
  }

  async #closePortal(name: string): Promise<void> {
    await this.#portals.get(name)?.cursor?.close()
    this.#portals.delete(name)
  }

  #openPortal({ values }: Portal, judged: Judged, typing: Typing): Promise<Cursor> {
    return this.#open({ judged, at: 0, values, typing })
  }

  async #open(wish: {
    readonly judged: Judged
    readonly at: number
    readonly values: readonly SqliteValue[]
    readonly typing: Typing
  }): Promise<Cursor> {
    const { judged, at, values, typing } = wish
    const statement = judged.analysis.statements[at]
    if (!statement) throw new PostgresFault('XX000', 'a statement without a verdict')
    const substitute = substituteFor(statement.text, this.#told)
    this.#refuseWhatMayNotRun(statement)
    this.#refuseSecondPortal()
    const cursor = new Cursor(
      this.#connection.execute({
        sql: substitute?.sql ?? this.#textOf(judged.analysis, statement),
        parameters: values,
        allowed: allowedBy(judged, at),
        timeoutMs: this.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      }),
      substitute?.copy,
    )
    await cursor.open(typing)
    if (substitute?.isSilent) cursor.hideColumns()
    return cursor
  }

  /** In a failed transaction COMMIT is a ROLLBACK. */
  #textOf(analysis: Analysis, statement: Statement): string {
    if (this.#status === 'failed' && statement.kind === 'commit') return 'ROLLBACK'
    return numberParameters(analysis, statement.start, statement.end)
  }

  #refuseWhatMayNotRun(statement: Statement): void {
    const mayEnd = statement.kind === 'commit' || statement.kind === 'rollback'
    if (this.#status === 'failed' && !mayEnd) {
      throw new PostgresFault(
        '25P02',
        'current transaction is aborted, commands ignored until end of transaction block',
      )
    }
    const writes = statement.effects.some((effect) => effect === 'write' || effect === 'define')
    if (this.#isReadOnly && writes) {
      throw new PostgresFault(
        '25006',
        `cannot execute ${statement.kind.toUpperCase()} in a read-only transaction`,
      )
    }
  }

  #refuseSecondPortal(): void {
    const isOpen = [...this.#portals.values()].some(
      ({ cursor, hasCompleted }) => cursor && !hasCompleted,
    )
    if (isOpen) {
      throw new FeatureNotSupported(
        'SQLite reads one result at a time: read or close the open portal first',
      )
    }
  }

  #complete(judged: Judged, at: number, cursor: Cursor): Piece {
    const statement = judged.analysis.statements[at]
    const substitute = substituteFor(statement?.text ?? '', this.#told)
    const isUndone = this.#status === 'failed' && statement?.kind === 'commit'
    this.#followTransaction(statement, substitute)
    const outcome = {
      isCopy: cursor.copy !== undefined,
      rows: cursor.rowsSent,
      changes: cursor.ended?.changes ?? 0,
      hasColumns: cursor.columnCount > 0,
    }
    const tag = substitute?.tag ?? (statement ? tagOf(statement, outcome) : '')
    return said({ kind: 'commandComplete', tag: isUndone ? 'ROLLBACK' : tag })
  }

  #followTransaction(statement: Statement | undefined, substitute: Substitute | undefined): void {
    if (statement?.kind === 'begin') this.#isReadOnly = substitute?.isReadOnly ?? false
    this.#status = this.#connection.inTransaction ? 'active' : 'idle'
    if (this.#status === 'idle') this.#isReadOnly = false
  }

  #compile(text: string) {
    const substitute = substituteFor(text, this.#told)
    if (substitute?.isSilent || substitute?.copy || substitute?.copyIn)
      return Promise.resolve({ columns: [], parameterCount: 0 })
    if (substitute) return this.#connection.describe(substitute.sql)
    const analysis = analyze(text, 'sqlite')
    const [statement, more] = analysis.statements
    if (!statement) return Promise.resolve({ columns: [], parameterCount: 0 })
    if (more)
      throw new PostgresFault('42601', 'cannot insert multiple commands into a prepared statement')
    return this.#connection.describe(numberParameters(analysis, statement.start, statement.end))
  }

  async #command(sql: string): Promise<void> {
    const events = this.#connection.execute({
      sql,
      parameters: [],
      allowed: [],
      timeoutMs: DEFAULT_TIMEOUT_MS,
    })
    for await (const _ of events);
  }
}
