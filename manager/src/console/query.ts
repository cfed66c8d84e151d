import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Cell,
  type Column,
  type Engine,
  type QueryRequest,
  type QueryResult,
  UnknownDatabase,
} from '@articdbm/contract'
import { findDatabase } from '../databases/store.ts'
import { NotAcceptable } from '../http/faults.ts'
import { DoorFault } from '../http/problem.ts'
import type { Actor } from '../identity/actor.ts'
import type { DoorConnection, Piece } from './door.ts'
import { type DoorParts, openDoor } from './open-door.ts'
import { restFault } from './present-error.ts'
import type { Queries } from './services.ts'
import { type Part, split } from './split.ts'

const MAX_NOTICES = 50
/** Of all cells of one answer: what doesn't fit is left out, and the answer says so. */
const MAX_ANSWER_CHARACTERS = 16 * 1024 * 1024

export function createQueries(parts: DoorParts): Queries {
  return { answer: (actor, database, request) => answer(parts, { actor, database, request }) }
}

interface Asked {
  readonly actor: Actor
  readonly database: string
  readonly request: QueryRequest
}

export async function engineOf({ base }: DoorParts, database: string): Promise<Engine> {
  const row = await base.store.read((db) => findDatabase(db, database))
  if (!row) throw new UnknownDatabase(database)
  return row.engine as Engine
}

async function answer(parts: DoorParts, { actor, database, request }: Asked): Promise<QueryResult> {
  const engine = await engineOf(parts, database)
  const statements = split(request.sql, engine)
  if (request.parameters && statements.length !== 1) {
    throw new NotAcceptable('one_statement_only', 'parameters belong to exactly one statement')
  }
  const notices: string[] = []
  const startedMs = performance.now()
  const connection = await openDoor(parts, {
    actor,
    database,
    engine,
    door: 'rest',
    scope: 'session',
    onNotice: ({ severity, message }) => {
      if (notices.length < MAX_NOTICES) notices.push(`${severity}: ${message}`)
    },
  }).catch((error: unknown) => {
    throw restFault(error, request.sql, 0)
  })
  try {
    const work = executeAll(connection, statements, request)
    const last = await withinTime(connection, work, request.timeoutMs ?? 30_000)
    const durationMs = Math.round((performance.now() - startedMs) * 1000) / 1000
    return { ...last, statements: statements.length, durationMs, notices }
  } finally {
    await connection.close()
  }
}

async function withinTime<T>(
  connection: DoorConnection,
  work: Promise<T>,
  timeoutMs: number,
): Promise<T> {
  const finished = new AbortController()
  let isLate = false
  const clock = sleep(timeoutMs, undefined, { signal: finished.signal }).then(
    async () => {
      isLate = true
      await connection.cancel()
    },
    () => undefined,
  )
  try {
    return await work
  } catch (error) {
    if (!isLate) throw error
    throw new DoorFault({
      code: 'statement_timeout',
      httpStatus: 504,
      message: `the statement did not end within ${timeoutMs} ms and was cancelled`,
      details: {},
    })
  } finally {
    finished.abort()
    await clock
  }
}

type Gathered = Pick<QueryResult, 'columns' | 'rows' | 'isTruncated' | 'affected' | 'tag'>

async function executeAll(
  connection: DoorConnection,
  statements: readonly Part[],
  request: QueryRequest,
): Promise<Gathered> {
  let last: Gathered = { columns: [], rows: [], isTruncated: false, affected: null, tag: '' }
  for (const { sql, start } of statements) {
    const maxRows = request.maxRows ?? 1000
    const statement = { sql, parameters: request.parameters, pageRows: Math.min(maxRows + 1, 500) }
    try {
      last = await gather(connection.execute(statement), maxRows)
    } catch (error) {
      throw restFault(error, request.sql, start)
    }
  }
  return last
}

async function gather(pieces: AsyncIterable<Piece>, maxRows: number): Promise<Gathered> {
  let columns: Column[] = []
  const rows: Cell[][] = []
  let characters = 0
  for await (const piece of pieces) {
    if (piece.kind === 'columns') columns = [...piece.columns]
    if (piece.kind === 'complete') {
      return { columns, rows, isTruncated: false, affected: piece.affected, tag: piece.tag }
    }
    if (piece.kind !== 'rows') continue
    for (const row of piece.rows) {
      characters += sizeOf(row)
      if (rows.length === maxRows || characters > MAX_ANSWER_CHARACTERS) {
        return { columns, rows, isTruncated: true, affected: null, tag: '' }
      }
      rows.push([...row])
    }
  }
  return { columns, rows, isTruncated: true, affected: null, tag: '' }
}

export function sizeOf(row: readonly Cell[]): number {
  return row.reduce<number>((total, cell) => total + cellSize(cell), 0)
}

function cellSize(cell: Cell): number {
  if (typeof cell === 'string') return cell.length
  return typeof cell === 'object' && cell !== null ? cell.base64.length : 8
}
