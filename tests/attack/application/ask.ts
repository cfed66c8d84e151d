// ask: the application's way to its database, as an application has it: a pool, and several statements in one text.
import mysql from 'mysql2/promise'
import pg from 'pg'

export interface Address {
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

export type Engine = 'postgres' | 'mariadb'
export type Row = readonly unknown[]

export interface Asker {
  /** The rows of the first statement; the database's error is thrown. */
  ask(sql: string): Promise<readonly Row[]>
  close(): Promise<void>
}

const CONNECTIONS = 4
const HOST = '127.0.0.1'

export function openAsker(engine: Engine, address: Address): Asker {
  return engine === 'postgres' ? askPostgres(address) : askMariadb(address)
}

function askPostgres(address: Address): Asker {
  const pool = new pg.Pool({ ...address, host: HOST, max: CONNECTIONS })
  pool.on('error', () => undefined)
  return {
    ask: async (sql) => {
      const answer = await pool.query<unknown[]>({ text: sql, rowMode: 'array' })
      return [answer].flat()[0]?.rows ?? []
    },
    close: () => pool.end(),
  }
}

function askMariadb(address: Address): Asker {
  const pool = mysql.createPool({
    ...{ ...address, host: HOST, connectionLimit: CONNECTIONS },
    ...{ multipleStatements: true, rowsAsArray: true },
  })
  return {
    ask: async (sql) => {
      const [answer, fields] = await pool.query(sql)
      const isOfSeveral = Array.isArray(answer) && !isNamed(fields)
      const rows: unknown = isOfSeveral ? answer[0] : answer
      return Array.isArray(rows) ? (rows as Row[]) : []
    },
    close: () => pool.end(),
  }
}

/** Of one result the driver gives the fields, of several a list for each. */
function isNamed(fields: unknown): boolean {
  return Array.isArray(fields) && fields.every((one) => one && 'name' in one)
}
