// Servers that execute a statement in a read-only transaction, and say what they lack for it.
import type { Relation } from '@articdbm/sql'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { serverUrl } from '../support/servers/index.ts'

export type Lack = { readonly kind: 'table' } | { readonly kind: 'column'; readonly name: string }

export interface Said {
  /** '' where it ran to its end. */
  readonly message: string
  /** It would have changed something. */
  readonly isChange: boolean
  readonly lacks: Lack | undefined
}

export interface ReadOnlyServer {
  attempt(sql: string): Promise<Said>
  /** False: it can't be made. */
  make(lack: Lack, tables: readonly Relation[]): Promise<boolean>
  close(): Promise<void>
}

interface Opening {
  skip(): string | false
  server(): Promise<ReadOnlyServer>
}

const RAN: Said = { message: '', isChange: false, lacks: undefined }

/** Of what its name promises. */
function typeOf(column: string): string {
  if (/date|time|_at$|_on$/i.test(column)) return 'timestamp'
  return NUMBERS.test(column) ? 'int' : 'varchar(40)'
}

const NUMBERS =
  /^.?\d?$|id$|^(?:i|f|q|d|int|num)\d+$|no$|num|count|qty|quantity|price|cost|age|total|amount|sum|avg|year|month|day|size|key|rank|score|votes|salary|rate|level|length|height|width|weight|points|population/i

async function succeeds(work: readonly (() => Promise<unknown>)[]): Promise<boolean> {
  let done = false
  for (const step of work) {
    await step().then(
      () => {
        done = true
      },
      () => undefined,
    )
  }
  return done
}

const READ_ONLY_TRANSACTION = '25006'

export const openPostgres: Opening = {
  skip: () => serverUrl('postgres').skip,
  server: async () => {
    const url = new URL(serverUrl('postgres').url)
    const schema = `reads_${process.pid}`
    const client = new pg.Client({ connectionString: url.href })
    await client.connect()
    await client.query(`CREATE SCHEMA ${schema}; SET search_path = ${schema}`)
    await client.query("SET statement_timeout = '1s'")
    const quoted = (name: string) => client.escapeIdentifier(name)
    const named = ({ schema: other, name }: Relation) =>
      other === undefined ? quoted(name) : `${quoted(other)}.${quoted(name)}`
    return {
      attempt: async (sql) => {
        await client.query('BEGIN READ ONLY')
        const said = await client.query(`${sql}\n`).then(
          () => RAN,
          (error: pg.DatabaseError) => saidByPostgres(error),
        )
        await client.query('ROLLBACK')
        return said
      },
      make: (lack, tables) =>
        succeeds(
          tables.flatMap((table) => {
            const { name } = table
            if (lack.kind === 'table') {
              return table.schema === undefined
                ? [() => client.query(`CREATE TABLE ${named(table)} (unasked int)`)]
                : []
            }
            const column = `${quoted(lack.name)} ${typeOf(lack.name)}`
            return name.startsWith('pg_')
              ? []
              : [() => client.query(`ALTER TABLE ${named(table)} ADD ${column}`)]
          }),
        ),
      close: async () => {
        await client.query(`DROP SCHEMA ${schema} CASCADE`)
        await client.end()
      },
    }
  },
}

function saidByPostgres({ code, message }: pg.DatabaseError): Said {
  const column = message.match(/column "?(?:[\w$]+\.)?([^".]+)"? does not exist/)?.[1]
  const lacks = lackOf(code === '42P01', code === '42703' ? column : undefined)
  return { message, isChange: code === READ_ONLY_TRANSACTION, lacks }
}

function lackOf(isTable: boolean, column: string | undefined): Lack | undefined {
  if (isTable) return { kind: 'table' }
  return column === undefined ? undefined : { kind: 'column', name: column }
}

/** ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION, ER_NO_SUCH_TABLE, ER_BAD_FIELD_ERROR */
const [CHANGES, NO_TABLE, NO_COLUMN] = [1792, 1146, 1054]

export const openMariadb: Opening = {
  skip: () => serverUrl('mariadb').skip,
  server: async () => {
    const schema = `reads_${process.pid}`
    const { url } = serverUrl('mariadb')
    const client = await mysql.createConnection({ uri: url, charset: 'utf8mb4' })
    await client.query(`CREATE DATABASE ${schema}`)
    await client.query(`USE ${schema}`)
    await client.query('SET max_statement_time = 1')
    const named = ({ schema: other, name }: Relation) =>
      `${mysql.escapeId(other ?? schema, true)}.${mysql.escapeId(name, true)}`
    return {
      attempt: async (sql) => {
        await client.query('START TRANSACTION READ ONLY')
        const said = await client.query(sql).then(() => RAN, saidByMariadb)
        await client.query('ROLLBACK')
        return said
      },
      make: (lack, tables) =>
        succeeds(
          tables
            .filter((table) => table.schema === undefined)
            .map((table) =>
              lack.kind === 'table'
                ? () => client.query(`CREATE TABLE ${named(table)} (unasked int)`)
                : () =>
                    client.query(
                      `ALTER TABLE ${named(table)} ADD ${mysql.escapeId(lack.name)} ${typeOf(lack.name)}`,
                    ),
            ),
        ),
      close: async () => {
        await client.query(`DROP DATABASE ${schema}`)
        await client.end()
      },
    }
  },
}

function saidByMariadb(error: { readonly errno?: number; readonly message: string }): Said {
  const { errno, message } = error
  const column = message.match(/Unknown column '(?:.*\.)?([^'.]+)' in/)?.[1]
  const lacks = lackOf(errno === NO_TABLE, errno === NO_COLUMN ? column : undefined)
  return { message, isChange: errno === CHANGES, lacks }
}
