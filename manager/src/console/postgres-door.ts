import { connect } from 'node:net'
import type { Cell, TransactionState } from '@articdbm/contract'
import pg from 'pg'
import Cursor from 'pg-cursor'
import type { DoorConnection, DoorStatement, DoorTarget, Piece } from './door.ts'
import { DoorError } from './door-error.ts'
import { postgresCell, postgresColumn } from './postgres-types.ts'

const CONNECT_TIMEOUT_MS = 10_000
const CANCEL_TIMEOUT_MS = 5_000
const CANCEL_REQUEST = 80_877_102

const AS_TEXT = { getTypeParser: () => (text: string) => text }

/** What the driver knows and its types leave out. */
type OpenClient = Omit<pg.Client, 'processID' | 'secretKey'> & {
  readonly processID: number
  readonly secretKey: number
  getTransactionStatus(): string | null
}

export async function openPostgresDoor(target: DoorTarget): Promise<DoorConnection> {
  const client = createClient(target)
  let isOpen = true
  client.on('error', () => {
    isOpen = false // the statement that is executed, or the next one, gets the error
  })
  client.on('end', () => {
    isOpen = false
  })
  client.on('notice', ({ severity = 'NOTICE', message = '' }) =>
    target.onNotice({ severity, message }),
  )
  try {
    await client.connect()
  } catch (error) {
    throw doorError(error, '')
  }
  return {
    execute: (statement) => execute(client, statement),
    cancel: () => cancel(target, client),
    transaction: () => transactionOf(client.getTransactionStatus()),
    isOpen: () => isOpen,
    close: () => client.end().catch(() => undefined),
  }
}

function createClient(target: DoorTarget): OpenClient {
  const { user, password } = target.token()
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    database: target.database,
    user,
    password,
    ssl: target.ca === undefined ? false : { ca: target.ca, minVersion: 'TLSv1.2' },
    application_name: 'articdbm console',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  })
  return client as unknown as OpenClient
}

async function* execute(
  client: OpenClient,
  { sql, parameters, pageRows }: DoorStatement,
): AsyncGenerator<Piece, void, void> {
  const cursor = client.query(createCursor(sql, parameters))
  let isDone = false
  try {
    let oids: readonly number[] | undefined
    for (;;) {
      const { rows, result } = await readPage(cursor, pageRows, sql)
      if (!oids && result.fields.length > 0) {
        oids = result.fields.map(({ dataTypeID }) => dataTypeID)
        const columns = result.fields.map((f) => postgresColumn(f.name, f.dataTypeID))
        yield { kind: 'columns', columns }
      }
      isDone = rows.length < pageRows || isComplete(result)
      if (rows.length > 0) yield { kind: 'rows', rows: rows.map((row) => cellsOf(row, oids ?? [])) }
      if (isDone) return yield completion(result, oids !== undefined)
    }
  } catch (error) {
    isDone = true
    throw error
  } finally {
    if (!isDone) await closeCursor(cursor)
  }
}

/** The driver throws out of its socket's listener when a cursor can't take COPY: that would end the process. */
function createCursor(sql: string, parameters: DoorStatement['parameters']): Cursor<TextRow> {
  const cursor = new Cursor<TextRow>(sql, parameters ? [...parameters] : [], {
    rowMode: 'array',
    types: AS_TEXT,
  } as never)
  return Object.assign(cursor, {
    handleCopyInResponse: (connection: { sendCopyFail(message: string): void }) =>
      connection.sendCopyFail('the console has no file to send'),
    handleCopyData: () => undefined,
  })
}

type TextRow = (string | null)[]

interface PageResult {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[]
  readonly command: string | null
  readonly rowCount: number | null
}

function readPage(
  cursor: Cursor<TextRow>,
  pageRows: number,
  sql: string,
): Promise<{ readonly rows: TextRow[]; readonly result: PageResult }> {
  return new Promise((resolve, reject) => {
    cursor.read(pageRows, (error, rows, result) => {
      if (error) reject(doorError(error, sql))
      else resolve({ rows, result: result ?? NO_RESULT })
    })
  })
}

const NO_RESULT: PageResult = { fields: [], command: null, rowCount: null }

function isComplete(result: PageResult): boolean {
  return result.command !== null
}

function cellsOf(row: TextRow, oids: readonly number[]): readonly Cell[] {
  return row.map((text, at) => postgresCell(text, oids[at] ?? 0))
}

function completion({ command, rowCount }: PageResult, hasRows: boolean): Piece {
  const tag = [command ?? '', rowCount ?? ''].join(' ').trim()
  return { kind: 'complete', tag, affected: hasRows ? null : (rowCount ?? null) }
}

function closeCursor(cursor: Cursor<TextRow>): Promise<void> {
  return cursor.close().catch(() => undefined)
}

/** A CancelRequest goes by its own connection, in clear as libpq sends it, and gets no answer. */
function cancel(target: DoorTarget, client: OpenClient): Promise<void> {
  const message = Buffer.alloc(16)
  message.writeInt32BE(message.length, 0)
  message.writeInt32BE(CANCEL_REQUEST, 4)
  message.writeInt32BE(client.processID, 8)
  message.writeInt32BE(client.secretKey, 12)
  return new Promise((resolve) => {
    const socket = connect({ host: target.host, port: target.port })
    socket.setTimeout(CANCEL_TIMEOUT_MS, () => socket.destroy())
    socket.on('error', () => undefined)
    socket.once('connect', () => socket.end(message))
    socket.once('close', () => resolve())
    socket.resume()
  })
}

function transactionOf(status: string | null): TransactionState {
  if (status === 'I') return 'idle'
  if (status === 'T') return 'active'
  return status === 'E' ? 'failed' : 'unknown'
}

interface ServerMessage {
  readonly message: string
  readonly code?: string
  readonly hint?: string
  readonly severity?: string
  readonly position?: string
}

function doorError(error: unknown, sql: string): DoorError {
  if (!(error instanceof Error)) return new DoorError(String(error), { isFatal: true })
  const { message, code = '', hint, severity, position } = error as ServerMessage
  const isServers = /^[0-9A-Z]{5}$/.test(code)
  return new DoorError(message, {
    sqlState: isServers ? code : '08006',
    hint: hint ?? '',
    position: position === undefined ? undefined : utf16Offset(sql, Number(position)),
    isFatal: !isServers || severity === 'FATAL' || severity === 'PANIC',
  })
}

/** PostgreSQL counts characters from 1; JavaScript counts UTF-16 units from 0. */
export function utf16Offset(text: string, position: number): number {
  let offset = 0
  for (let character = 1; character < position && offset < text.length; character += 1) {
    offset += (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1
  }
  return offset
}
