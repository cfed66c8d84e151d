// One running SQLite statement as PostgreSQL rows.
import { type BackendMessage, encodeBackend, type FieldDescription } from '@articdbm/wire/postgres'
import type { SqliteColumn, SqliteEvent, SqliteValue } from '../../sqlite/index.ts'
import { PostgresFault } from '../fault.ts'
import type { CopyFormat } from './copy-format.ts'
import {
  declaredType,
  encodeBinary,
  encodeText,
  fits,
  fittingType,
  OID,
  type ResultType,
  sizeOf,
} from './types.ts'

type Row = readonly SqliteValue[]

export type Ended = SqliteEvent & { readonly kind: 'end' }

/** Reads ahead one batch, so that the types of expressions can be seen before they are described. */
export class Cursor {
  readonly #events: AsyncIterator<SqliteEvent>
  #columns: readonly SqliteColumn[] = []
  #types: readonly ResultType[] = []
  #rows: Row[] = []
  #at = 0
  #ended: Ended | undefined
  #sent = 0

  /** Its rows are lines of a COPY. */
  readonly copy: CopyFormat | undefined

  constructor(events: AsyncIterable<SqliteEvent>, copy?: CopyFormat) {
    this.#events = events[Symbol.asyncIterator]()
    this.copy = copy
  }

  /** A command that has no result in PostgreSQL. */
  hideColumns(): void {
    this.#columns = []
    this.#types = []
  }

  get columnNames(): readonly string[] {
    return this.#columns.map(({ name }) => name)
  }

  get columnCount(): number {
    return this.#columns.length
  }

  get rowsSent(): number {
    return this.#sent
  }

  get ended(): Ended | undefined {
    return this.#ended
  }

  /** `declared`: what a Describe without rows has told, or would have told, before. */
  async open(typing: 'declared' | 'by values'): Promise<void> {
    await this.#more()
    this.#types = this.#columns.map((column, at) => {
      const declared = declaredType(column)
      if (typing === 'declared') return declared ?? 'text'
      return fittingType(
        declared,
        this.#rows.map((row) => row[at] ?? null),
      )
    })
  }

  /** None for a COPY. */
  describe(formats: readonly number[]): readonly FieldDescription[] {
    if (this.copy) return []
    return this.#columns.map((column, at) =>
      describeField(column, this.#types[at] ?? 'text', formatOf(formats, at)),
    )
  }

  /** The next rows, at most `limit`; none when the statement has ended. */
  async next(limit: number, formats: readonly number[]): Promise<readonly Buffer[]> {
    const rows = await this.#take(limit)
    return rows.map((row) => encodeBackend(this.#dataRow(row, formats)))
  }

  /** The next rows as texts; none when the statement has ended. */
  async nextTexts(): Promise<readonly (readonly (Buffer | null)[])[]> {
    const rows = await this.#take(this.#rows.length || 1)
    return rows.map((row) => row.map((value, at) => this.#encode(value, at, 0)))
  }

  async #take(limit: number): Promise<readonly Row[]> {
    if (this.#at >= this.#rows.length && !this.#ended) await this.#more()
    const rows = this.#rows.slice(this.#at, this.#at + limit)
    this.#at += rows.length
    this.#sent += rows.length
    return rows
  }

  /** True when a row is left; looks ahead where it must. */
  async hasMore(): Promise<boolean> {
    if (this.#at >= this.#rows.length && !this.#ended) await this.#more()
    return this.#at < this.#rows.length
  }

  async close(): Promise<void> {
    await this.#events.return?.()
  }

  async #more(): Promise<void> {
    this.#rows = []
    this.#at = 0
    while (this.#rows.length === 0 && !this.#ended) {
      const next = await this.#events.next()
      if (next.done) this.#ended = NOTHING_ENDED
      else this.#accept(next.value)
    }
  }

  #accept(event: SqliteEvent): void {
    if (event.kind === 'end') this.#ended = event
    else if (event.kind === 'columns') this.#columns = event.columns
    else this.#rows = [...event.rows]
  }

  #dataRow(row: Row, formats: readonly number[]): BackendMessage {
    return {
      kind: 'dataRow',
      values: row.map((value, at) => this.#encode(value, at, formatOf(formats, at))),
    }
  }

  #encode(value: SqliteValue, at: number, format: number): Buffer | null {
    if (value === null) return null
    const type = this.#types[at] ?? 'text'
    if (!fits(type, value)) throw misfit(this.#columns[at], type)
    return format === 1 ? encodeBinary(type, value) : encodeText(type, value)
  }
}

const NOTHING_ENDED: Ended = { kind: 'end', changes: 0, lastInsertRowid: 0n, inTransaction: false }

export function describeField(
  column: SqliteColumn,
  type: ResultType,
  format: number,
): FieldDescription {
  return {
    name: column.name.replaceAll('\0', ''),
    tableOid: 0,
    columnNumber: 0,
    typeOid: OID[type],
    typeSize: sizeOf(type),
    typeModifier: -1,
    format,
  }
}

/** None: text. One: for all columns. Else one each. */
export function formatOf(formats: readonly number[], at: number): number {
  return (formats.length === 1 ? formats[0] : formats[at]) ?? 0
}

function misfit(column: SqliteColumn | undefined, type: ResultType): PostgresFault {
  return new PostgresFault(
    '22P02',
    `column "${column?.name ?? ''}" is described as ${type} and holds another value`,
    'SQLite keeps any value in any column: select CAST(column AS TEXT).',
  )
}
