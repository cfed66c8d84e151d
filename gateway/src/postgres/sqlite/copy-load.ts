// A COPY from the client under way: lines become rows, rows go in by the batch, and all of them or none stay.
import { Fault, StatementCancelled } from '@articdbm/contract'
import type { SqliteConnection, SqliteRun, SqliteValue } from '../../sqlite/index.ts'
import { PostgresFault } from '../fault.ts'
import { fieldsOf, UnreadableLine } from './copy-fields.ts'
import { type Column, type CopyIn, copiedColumns, valuesOf } from './copy-in.ts'
import { type CopyLine, CopyLines } from './copy-lines.ts'
import { type ReadField, readerOf } from './copy-values.ts'

const BATCH_ROWS = 256
const BATCH_BYTES = 64 * 1024
const SHOWN_CHARACTERS = 100
const CARRIAGE_RETURN = 0x0d

/** A failure with the line that it befell: PostgreSQL's CONTEXT. */
class CopyFault extends Fault {
  override readonly code = 'copy_line'
  override readonly sqlState: string
  override readonly mysqlErrno: number
  override readonly httpStatus: number
  override readonly hint: string | undefined
  readonly context: string
  constructor(fault: Fault, context: string) {
    super(fault.message)
    this.sqlState = fault.sqlState
    this.mysqlErrno = fault.mysqlErrno
    this.httpStatus = fault.httpStatus
    this.hint = fault.hint
    this.context = context
  }
}

export interface CopyParts {
  readonly connection: SqliteConnection
  readonly copy: CopyIn
  readonly allowed: SqliteRun['allowed']
  readonly timeoutMs: number
}

interface Batch {
  readonly rows: (readonly SqliteValue[])[]
  /** The line of each row. */
  readonly lines: number[]
  bytes: number
}

export class CopyLoad {
  readonly #parts: CopyParts
  readonly #lines: CopyLines
  readonly #endsAt: number
  #columns: readonly Column[] = []
  #readers: readonly ReadField[] = []
  #sql = ''
  #batch: Batch = { rows: [], lines: [], bytes: 0 }
  #rows = 0
  #isCancelled = false
  /** `\.` ends the rows, though not what the client sends. */
  #isOver = false
  /** How the first line ends; undefined before it. */
  #endsInReturn: boolean | undefined
  #isFirst = true
  #savepoint: 'none' | 'within' | 'outermost' = 'none'

  constructor(parts: CopyParts) {
    this.#parts = parts
    this.#lines = new CopyLines(parts.copy.format)
    this.#endsAt = performance.now() + parts.timeoutMs
  }

  get columnCount(): number {
    return this.#columns.length
  }

  /** So many are in the table. */
  get rows(): number {
    return this.#rows
  }

  cancel(): void {
    this.#isCancelled = true
  }

  async begin(): Promise<void> {
    const { connection, copy } = this.#parts
    this.#columns = copiedColumns(copy, await this.#tableColumns())
    this.#readers = this.#columns.map(readerOf)
    const names = this.#columns.map(({ name }) => name)
    this.#sql = `INSERT INTO ${copy.target} ${valuesOf(names)}`
    const within = connection.inTransaction ? 'within' : 'outermost'
    await this.#command(`SAVEPOINT ${SAVEPOINT}`)
    this.#savepoint = within
    await this.#insert([])
  }

  async data(bytes: Buffer): Promise<void> {
    await this.#take(this.#lines.push(bytes))
  }

  /** Every line is there: its rows stay. */
  async finish(): Promise<void> {
    await this.#take(this.#lines.end())
    await this.#flush()
    await this.#command(`RELEASE ${SAVEPOINT}`)
    this.#savepoint = 'none'
  }

  /** What the client says instead of its last line. */
  failed(reason: string): never {
    const fault = new PostgresFault('57014', `COPY from stdin failed: ${reason}`)
    throw this.#at(fault, this.#lines.number)
  }

  /** Undoes what isn't finished. */
  async close(): Promise<void> {
    const { connection } = this.#parts
    const savepoint = this.#savepoint
    this.#savepoint = 'none'
    if (savepoint === 'none' || connection.isClosed || !connection.inTransaction) return
    if (savepoint === 'outermost') await this.#command('ROLLBACK')
    else {
      await this.#command(`ROLLBACK TO ${SAVEPOINT}`)
      await this.#command(`RELEASE ${SAVEPOINT}`)
    }
  }

  async #take(lines: Iterable<CopyLine>): Promise<void> {
    try {
      for (const line of lines) {
        if (!this.#isOver) this.#accept(line)
        if (this.#isFull) await this.#flush()
      }
    } catch (error) {
      throw error instanceof PostgresFault ? this.#at(error, this.#lines.number) : error
    }
    this.#throwIfLate()
  }

  #accept(line: CopyLine): void {
    const bytes = this.#withoutReturn(line)
    const { format } = this.#parts.copy
    const isHeader = this.#isFirst && format.hasHeader
    this.#isFirst = false
    if (isHeader) return
    if (bytes.length === 2 && bytes.toString('latin1') === '\\.') this.#isOver = true
    else this.#add(bytes, line.number)
  }

  /** Every line has to end as the first one does. */
  #withoutReturn({ bytes, number }: CopyLine): Buffer {
    const hasReturn = bytes.at(-1) === CARRIAGE_RETURN
    this.#endsInReturn ??= hasReturn
    if (!this.#endsInReturn) return bytes
    if (hasReturn) return bytes.subarray(0, -1)
    const { isCsv } = this.#parts.copy.format
    const hint = `Use ${isCsv ? 'quoted CSV field' : '"\\n"'} to represent newline.`
    const what = `${isCsv ? 'unquoted' : 'literal'} newline found in data`
    throw this.#at(new PostgresFault('22P04', what, hint), number)
  }

  #add(bytes: Buffer, number: number): void {
    try {
      this.#batch.rows.push(this.#valuesOf(bytes))
      this.#batch.lines.push(number)
      this.#batch.bytes += bytes.length
    } catch (error) {
      if (error instanceof UnreadableLine) throw this.#at(error, number)
      throw error instanceof PostgresFault ? this.#at(error, number, bytes) : error
    }
  }

  #valuesOf(bytes: Buffer): readonly SqliteValue[] {
    const fields = fieldsOf(bytes, this.#parts.copy.format)
    if (fields.length > this.#columns.length) {
      throw new PostgresFault('22P04', 'extra data after last expected column')
    }
    const missing = this.#columns[fields.length]
    if (missing) throw new PostgresFault('22P04', `missing data for column "${missing.name}"`)
    return fields.map((field, at) => (field === null ? null : (this.#readers[at]?.(field) ?? null)))
  }

  get #isFull(): boolean {
    return this.#batch.rows.length >= BATCH_ROWS || this.#batch.bytes >= BATCH_BYTES
  }

  async #flush(): Promise<void> {
    const { rows, lines } = this.#batch
    this.#batch = { rows: [], lines: [], bytes: 0 }
    if (rows.length > 0) await this.#insert(rows, lines)
    this.#rows += rows.length
  }

  /** None: only whether it may. */
  async #insert(
    rows: readonly (readonly SqliteValue[])[],
    lines: readonly number[] = [],
  ): Promise<void> {
    this.#throwIfLate()
    const { connection, allowed } = this.#parts
    const timeoutMs = this.#endsAt - performance.now()
    const { count, failure } = await connection.insert({
      ...{ sql: this.#sql, rows, allowed, timeoutMs },
    })
    this.#throwIfLate()
    const line = lines[count]
    if (failure instanceof Fault && line !== undefined) throw this.#at(failure, line)
    if (failure) throw failure
  }

  #throwIfLate(): void {
    if (this.#isCancelled || performance.now() > this.#endsAt) throw new StatementCancelled()
  }

  #at(fault: Fault, line: number, bytes?: Buffer): CopyFault {
    const place = `COPY ${this.#parts.copy.table}, line ${line}`
    return new CopyFault(fault, bytes ? `${place}: "${shown(bytes)}"` : place)
  }

  async #tableColumns(): Promise<readonly Column[]> {
    const { table, target } = this.#parts.copy
    const isQualified = target.startsWith('main.')
    const arguments_ = isQualified ? "?, 'main'" : '?'
    const sql = `SELECT name, type, hidden FROM pragma_table_xinfo(${arguments_})`
    const rows = await this.#run(sql, [table], 'everything')
    return rows.map(([name, type, hidden]) => ({
      name: String(name),
      declaredType: String(type ?? ''),
      isGenerated: hidden === 2n || hidden === 3n,
      isHidden: hidden === 1n,
    }))
  }

  async #command(sql: string): Promise<void> {
    await this.#run(sql, [], [])
  }

  async #run(sql: string, parameters: readonly SqliteValue[], allowed: SqliteRun['allowed']) {
    const rows: (readonly SqliteValue[])[] = []
    const { connection, timeoutMs } = this.#parts
    for await (const event of connection.execute({ sql, parameters, allowed, timeoutMs })) {
      if (event.kind === 'rows') rows.push(...event.rows)
    }
    return rows
  }
}

const SAVEPOINT = '"articdbm copy"'

function shown(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text
}
