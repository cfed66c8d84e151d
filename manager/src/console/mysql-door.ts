import type { Column, TransactionState } from '@articdbm/contract'
import mysql from 'mysql2'
import type { DoorConnection, DoorStatement, DoorTarget, Piece } from './door.ts'
import { DoorError } from './door-error.ts'
import { type MysqlField, mysqlCell, mysqlColumn } from './mysql-types.ts'
import { Pages } from './pages.ts'

const CONNECT_TIMEOUT_MS = 10_000
const KILL_TIMEOUT_MS = 5_000
/** SERVER_STATUS_IN_TRANS of the protocol's status flags. */
const IN_TRANSACTION = 1

export async function openMysqlDoor(target: DoorTarget): Promise<DoorConnection> {
  const connection = await connect(target)
  const state = { isOpen: true, status: undefined as number | undefined }
  connection.on('error', () => {
    state.isOpen = false // the statement that is executed, or the next one, gets the error
  })
  connection.on('end', () => {
    state.isOpen = false
  })
  return {
    execute: (statement) =>
      execute(target, connection, statement, (status) => {
        state.status = status
      }),
    cancel: () => kill(target, connection.threadId ?? 0),
    transaction: () => transactionOf(state.status),
    isOpen: () => state.isOpen,
    close: () => close(connection),
  }
}

function connect(target: DoorTarget): Promise<mysql.Connection> {
  const { user, password } = target.token()
  const connection = mysql.createConnection({
    host: target.host,
    port: target.port,
    database: target.database,
    user,
    password,
    connectTimeout: CONNECT_TIMEOUT_MS,
    charset: 'utf8mb4',
    // Texts as the server prints them: nothing is rounded, shifted or guessed on the way.
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    rowsAsArray: true,
    flags: ['-LOCAL_FILES'],
    ...(target.ca === undefined ? {} : { ssl: { ca: target.ca, minVersion: 'TLSv1.2' } }),
  })
  return new Promise((resolve, reject) => {
    connection.once('error', reject)
    connection.connect((error) => {
      connection.removeListener('error', reject)
      if (!error) return resolve(connection)
      connection.on('error', () => undefined)
      connection.destroy()
      reject(doorError(error))
    })
  })
}

async function* execute(
  target: DoorTarget,
  connection: mysql.Connection,
  statement: DoorStatement,
  onStatus: (status: number | undefined) => void,
): AsyncGenerator<Piece, void, void> {
  const pages = new Pages<unknown[]>(statement.pageRows, {
    pause: () => connection.pause(),
    resume: () => connection.resume(),
  })
  const outcome = follow(connection, statement, pages)
  let isDone = false
  try {
    let columns: readonly Column[] | undefined
    for await (const page of pages.read()) {
      const shown = outcome.columns()
      if (shown && !columns) {
        columns = shown
        yield { kind: 'columns', columns: shown }
      }
      const rows = page.map((row) => row.map((value, at) => cellAt(value, shown, at)))
      if (rows.length > 0) yield { kind: 'rows', rows }
    }
    isDone = true
    onStatus(outcome.status())
    yield outcome.completion()
  } finally {
    if (!isDone && !pages.hasEnded) {
      await kill(target, connection.threadId ?? 0)
      await pages.drain()
    }
  }
}

const UNKNOWN_COLUMN: Column = { name: '', type: 'UNKNOWN', kind: 'text' }

function cellAt(value: unknown, columns: readonly Column[] | undefined, at: number) {
  return mysqlCell(value, columns?.[at] ?? UNKNOWN_COLUMN)
}

interface Outcome {
  readonly columns: () => readonly Column[] | undefined
  readonly status: () => number | undefined
  readonly completion: () => Piece
}

/** Feeds the driver's events into pages, with an end for every way a statement ends. */
function follow(
  connection: mysql.Connection,
  statement: DoorStatement,
  pages: Pages<unknown[]>,
): Outcome {
  let columns: readonly Column[] | undefined
  let header: mysql.ResultSetHeader | undefined
  let rows = 0
  const query = submit(connection, statement)
  query.on('fields', (fields: readonly MysqlField[] | undefined) => {
    if (!fields || columns) return // of several results of a CALL the first is shown
    columns = fields.map(mysqlColumn)
    pages.begin()
  })
  query.on('result', (row: unknown) => {
    if (isHeader(row)) {
      header = row
      return
    }
    rows += 1
    if (Array.isArray(row)) pages.push(row as unknown[])
  })
  query.on('error', (error: unknown) => pages.fail(doorError(error)))
  query.on('end', () => pages.end())
  return {
    columns: () => columns,
    status: () => header?.serverStatus,
    completion: () =>
      columns
        ? { kind: 'complete', tag: `${rows} rows`, affected: null }
        : { kind: 'complete', tag: 'OK', affected: header?.affectedRows ?? 0 },
  }
}

/** Parameters need the binary protocol; without them the text protocol takes statements that can't be prepared. */
function submit(connection: mysql.Connection, { sql, parameters }: DoorStatement): mysql.Query {
  const query: unknown =
    parameters === undefined
      ? connection.query({ sql, typeCast: (field) => field.buffer() })
      : connection.execute(sql, [...parameters])
  return query as mysql.Query
}

function isHeader(row: unknown): row is mysql.ResultSetHeader {
  return typeof row === 'object' && row !== null && !Array.isArray(row) && 'affectedRows' in row
}

/** KILL QUERY by a second connection of the same person: the gateway knows whose id it is. */
async function kill(target: DoorTarget, threadId: number): Promise<void> {
  const connection = await connect(target).catch(() => undefined)
  if (!connection) return
  connection.on('error', () => undefined)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, KILL_TIMEOUT_MS)
    connection.query(`KILL QUERY ${threadId}`, () => {
      clearTimeout(timer)
      resolve()
    })
  })
  connection.destroy()
}

function close(connection: mysql.Connection): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      connection.destroy()
      resolve()
    }, KILL_TIMEOUT_MS)
    connection.end(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}

function transactionOf(status: number | undefined): TransactionState {
  if (status === undefined) return 'unknown'
  return (status & IN_TRANSACTION) === 0 ? 'idle' : 'active'
}

interface DriverError {
  readonly message: string
  readonly errno?: number
  readonly fatal?: boolean
  readonly sqlMessage?: string
}

/** Errnos of a server are positive; the driver's own failures have none, or a negative one of the system. */
function doorError(error: unknown): DoorError {
  if (!(error instanceof Error)) return new DoorError(String(error), { isFatal: true })
  const { message, errno = 0, fatal = false, sqlMessage } = error as DriverError
  const isServers = errno > 0 && sqlMessage !== undefined
  return new DoorError(sqlMessage ?? message, {
    mysqlErrno: isServers ? errno : 2013,
    isFatal: !isServers || fatal,
  })
}
