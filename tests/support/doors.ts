// The same statements through each door, with one shape of answer, so that tests can compare doors.
import mysql from 'mysql2/promise'
import pg from 'pg'
import { WebSocket } from 'ws'
import type { Person, Product } from './product.ts'

export const DOORS = [
  'postgres',
  'postgres prepared',
  'mysql',
  'mysql prepared',
  'rest',
  'console',
] as const
export type DoorName = (typeof DOORS)[number]

/** What came of a list of statements sent in order on one session; the first error ends it. */
export interface Attempt {
  readonly rows: readonly (readonly unknown[])[]
  /** SQLSTATE, errno or code of REST; '' when all went well. */
  readonly code: string
  readonly message: string
  /** Of a blocked statement. */
  readonly rule: string
  readonly verdictId: string
}

/** The doors that lead to a database of this engine. */
export function doorsOf(engine: 'postgres' | 'mariadb' | 'sqlite'): readonly DoorName[] {
  return DOORS.filter((door) => {
    if (engine === 'postgres') return !door.startsWith('mysql')
    if (engine === 'mariadb') return !door.startsWith('postgres')
    return true
  })
}

export function attempt(
  product: Product,
  person: Person,
  door: DoorName,
  wish: { readonly database: string; readonly statements: readonly string[] },
): Promise<Attempt> {
  switch (door) {
    case 'postgres':
    case 'postgres prepared':
      return viaPostgres(product, person, wish, door === 'postgres prepared')
    case 'mysql':
    case 'mysql prepared':
      return viaMysql(product, person, wish, door === 'mysql prepared')
    case 'rest':
      return viaRest(product, person, wish)
    case 'console':
      return viaConsole(product, person, wish)
  }
}

interface Wish {
  readonly database: string
  readonly statements: readonly string[]
}

const WELL = { code: '', message: '', rule: '', verdictId: '' }

async function viaPostgres(
  product: Product,
  person: Person,
  { database, statements }: Wish,
  isPrepared: boolean,
): Promise<Attempt> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: product.ports.postgres,
    user: person.name,
    password: person.password,
    database,
    query_timeout: 30_000,
  })
  client.on('error', () => undefined)
  try {
    await client.connect()
    let rows: unknown[][] = []
    for (const [at, text] of statements.entries()) {
      const name = isPrepared ? { name: `statement ${at}` } : {}
      const result = await client.query<unknown[]>({ text, rowMode: 'array', ...name })
      rows = [result].flat().at(-1)?.rows ?? []
    }
    return { rows, ...WELL }
  } catch (error) {
    return refused(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function viaMysql(
  product: Product,
  person: Person,
  { database, statements }: Wish,
  isPrepared: boolean,
): Promise<Attempt> {
  const connection = await mysql
    .createConnection({
      host: '127.0.0.1',
      port: product.ports.mysql,
      user: person.name,
      password: person.password,
      database,
      multipleStatements: !isPrepared,
      rowsAsArray: true,
      connectTimeout: 30_000,
    })
    .catch((error: unknown) => error)
  if (connection instanceof Error) return refused(connection)
  const client = connection as mysql.Connection
  client.on('error', () => undefined)
  try {
    let rows: unknown[][] = []
    for (const text of statements) {
      const [result] = isPrepared ? await client.execute(text) : await client.query(text)
      rows = Array.isArray(result) ? (result as unknown[][]) : []
    }
    return { rows, ...WELL }
  } catch (error) {
    return refused(error)
  } finally {
    client.destroy()
  }
}

/** One request; several statements are sent as one text, as REST has no session. */
async function viaRest(
  product: Product,
  person: Person,
  { database, statements }: Wish,
): Promise<Attempt> {
  const rest = await product.login(person)
  const { status, body } = await rest.post(`databases/${database}/query`, {
    sql: statements.join(';\n'),
  })
  if (status === 200) return { rows: body.data.rows, ...WELL }
  const { rule = '', verdictId = '' } = body.meta ?? {}
  return { rows: [], code: body.error, message: body.message, rule, verdictId }
}

async function viaConsole(
  product: Product,
  person: Person,
  { database, statements }: Wish,
): Promise<Attempt> {
  const { token } = await product.login(person)
  const socket = new WebSocket(`${product.restUrl.replace('http', 'ws')}/api/v1/console`)
  try {
    return await runInConsole(socket, token, { database, sql: statements.join(';\n') })
  } finally {
    socket.terminate()
  }
}

interface ConsoleRun {
  readonly database: string
  readonly sql: string
}

interface ConsoleAnswer {
  readonly id?: string
  readonly rows?: readonly unknown[][]
  readonly hasMore?: boolean
  readonly code?: string
  readonly message?: string
  readonly rule?: string
  readonly verdictId?: string
}

function runInConsole(socket: WebSocket, token: string, wish: ConsoleRun): Promise<Attempt> {
  const { promise, resolve, reject } = Promise.withResolvers<Attempt>()
  const timer = setTimeout(() => reject(new Error('the console did not answer')), 30_000)
  let rows: unknown[][] = []
  let ended: Attempt | undefined
  const send = (message: object) => socket.send(JSON.stringify(message))
  const reactions: Readonly<Record<string, (message: ConsoleAnswer) => void>> = {
    ready: () => send({ type: 'run', id: '1', ...wish }),
    columns: () => {
      rows = []
    },
    rows: (message) => {
      rows.push(...(message.rows ?? []))
      if (message.hasMore) send({ type: 'more', id: '1' })
    },
    error: ({ id, code = '', message = '', rule = '', verdictId = '' }) => {
      ended = { rows: [], code, message, rule, verdictId }
      if (id === '') resolve(ended)
    },
    finished: () => resolve(ended ?? { rows, ...WELL }),
  }
  socket.on('error', reject)
  socket.on('close', () => reject(new Error('the console closed the socket')))
  socket.on('open', () => send({ type: 'hello', token }))
  socket.on('message', (bytes) => {
    const message = JSON.parse(String(bytes))
    reactions[message.type]?.(message)
  })
  return promise.finally(() => clearTimeout(timer))
}

/** Rule and verdict id stand in the hint (PostgreSQL) or at the end of the message (MySQL). */
function refused(error: unknown): Attempt {
  const {
    message,
    code = '',
    hint = '',
    errno,
  } = error as Error & {
    code?: string
    hint?: string
    errno?: number
  }
  const [, rule = '', verdictId = ''] =
    `${message} ${hint}`.match(/Rule ([\w.-]+), verdict ([0-9a-f-]{36})/) ?? []
  return { rows: [], code: String(errno ?? code), message, rule, verdictId }
}
