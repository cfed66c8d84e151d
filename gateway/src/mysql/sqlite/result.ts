// A SQLite statement's events as a MySQL result, row by row, as fast as the client takes them.
import {
  encodeBinaryRow,
  encodeColumn,
  encodeColumnCount,
  encodeEof,
  encodeTextRow,
} from '@articdbm/wire/mysql'
import { type CellRewrite, cellsOf, type MaskedResult } from '../../mask/masked-result.ts'
import type { SqliteColumn, SqliteEvent, SqliteValue } from '../../sqlite/index.ts'
import type { Reply } from '../reply.ts'
import { binaryOf, columnOf, type Shape, shapeOf, textOf } from './types.ts'

export interface ResultOptions {
  readonly reply: Reply
  readonly schema: string
  readonly protocol: 'text' | 'binary'
  /** What may not be seen of it. */
  readonly mask: MaskedResult | undefined
  /** Server status flags once the statement has ended. */
  readonly status: () => number
}

export interface SentResult {
  readonly rows: number
  readonly lastInsertRowid: bigint
}

type Rows = readonly (readonly SqliteValue[])[]

export async function sendResult(
  events: AsyncIterable<SqliteEvent>,
  options: ResultOptions,
): Promise<SentResult> {
  const result = new ResultWriter(options)
  let sent: SentResult = { rows: 0, lastInsertRowid: 0n }
  for await (const event of events) {
    if (event.kind === 'columns') result.columns = event.columns
    if (event.kind === 'rows') await result.writeRows(event.rows)
    if (event.kind === 'end') sent = await result.end(event)
  }
  return sent
}

class ResultWriter {
  readonly #options: ResultOptions
  columns: readonly SqliteColumn[] = []
  #shapes: readonly Shape[] | undefined
  #cells: readonly (CellRewrite | undefined)[] | undefined
  #rows = 0

  constructor(options: ResultOptions) {
    this.#options = options
  }

  async writeRows(found: Rows): Promise<void> {
    const rows = this.#masked(found)
    const shapes = this.#shapes ?? (await this.#begin(rows))
    this.#rows += rows.length
    await this.#options.reply.send(rows.map((row) => this.#encodeRow(row, shapes)))
  }

  /** As texts show; what is none shows as nothing. */
  #masked(rows: Rows): Rows {
    const { mask } = this.#options
    if (!mask) return rows
    const columns = this.columns.map(({ name }) => ({ name, isText: true }))
    this.#cells ??= cellsOf(mask, columns)
    const cells = this.#cells
    if (!cells) throw new Error('a result has other columns than were judged')
    return rows.map((row) => row.map((value, at) => shownAs(value, cells[at])))
  }

  async end(ended: Extract<SqliteEvent, { kind: 'end' }>): Promise<SentResult> {
    const { reply, status } = this.#options
    const { changes, lastInsertRowid } = ended
    if (this.columns.length === 0) {
      const lastInsertId = changes > 0 ? BigInt.asUintN(64, lastInsertRowid) : 0n
      await reply.ok({ status: status(), affectedRows: BigInt(changes), lastInsertId })
      return { rows: changes, lastInsertRowid }
    }
    if (!this.#shapes) await this.#begin([])
    await reply.send([encodeEof({ warnings: 0, status: status() })])
    return { rows: this.#rows, lastInsertRowid }
  }

  async #begin(rows: Rows): Promise<readonly Shape[]> {
    const shapes = this.columns.map((column, at) =>
      shapeOf(
        column,
        rows.map((row) => row[at] ?? null),
      ),
    )
    this.#shapes = shapes
    const { reply, schema, status } = this.#options
    const columns = this.columns.map((column, at) =>
      encodeColumn(columnOf(column, shapes[at] ?? 'text', schema)),
    )
    const end = encodeEof({ warnings: 0, status: status() })
    await reply.send([encodeColumnCount(columns.length), ...columns, end])
    return shapes
  }

  #encodeRow(row: readonly SqliteValue[], shapes: readonly Shape[]): Buffer {
    if (this.#options.protocol === 'text') return encodeTextRow(row.map(textOf))
    return encodeBinaryRow(row.map((value, at) => binaryOf(value, shapes[at] ?? 'text')))
  }
}

function shownAs(value: SqliteValue, rewrite: CellRewrite | undefined): SqliteValue {
  if (!rewrite) return value
  return typeof value === 'string' ? (rewrite(Buffer.from(value))?.toString('utf8') ?? null) : null
}
