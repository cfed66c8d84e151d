import { PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely'
import { Pool, type PoolClient, types } from 'pg'
import { beforeDeadline } from '../deadline.ts'
import {
  type Answer,
  type Engine,
  exactNumber,
  type Row,
  type Session,
  type Value,
} from '../engine.ts'
import type { ServerConfig, StoreTls } from '../store-config.ts'
import { explainPostgres } from './faults.ts'

const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 30_000

export function openPostgres(config: ServerConfig): Engine {
  const [host, ...others] = config.hosts
  if (host === undefined || others.length > 0) throw new Error('PostgreSQL takes exactly one host')
  const pool = new Pool({
    host: host.host,
    port: host.port,
    database: config.database,
    user: config.user,
    password: () => config.password.reveal(),
    max: config.poolSize,
    ssl: config.tls ? sslOf(config.tls) : false,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS * 2,
    application_name: 'articdbm-manager',
    // Not the role's defaults: an administrator may have set others for the role or the database.
    options: '-c client_encoding=UTF8 -c default_transaction_isolation=read\\ committed',
    types: { getTypeParser: typeParser },
  })
  pool.on('error', () => undefined) // an idle connection was lost: the pool has dropped it already
  return {
    type: 'postgres',
    begin: 'BEGIN',
    connect: async () => openSession(await pool.connect()),
    end: () => pool.end(),
    explain: explainPostgres,
    adapter: () => new PostgresAdapter(),
    compiler: () => new PostgresQueryCompiler(),
    introspector: (db) => new PostgresIntrospector(db),
  }
}

function openSession(client: PoolClient): Session {
  const ignore = (): void => undefined // the statement that was under way rejects with the same error
  client.on('error', ignore)
  const giveBack = (isBroken: boolean): void => {
    client.off('error', ignore)
    client.release(isBroken)
  }
  return {
    execute: (sql, parameters) => execute(client, sql, parameters),
    release: () => giveBack(false),
    destroy: () => giveBack(true),
  }
}

const COUNTED = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE'])

async function execute(
  client: PoolClient,
  sql: string,
  parameters: readonly Value[],
): Promise<Answer> {
  const result = await beforeDeadline(client.query<Row>(sql, [...parameters]))
  const affected = COUNTED.has(result.command) ? (result.rowCount ?? 0) : undefined
  return { rows: result.rows, affected }
}

const INT8 = types.builtins.INT8
const NUMERIC = types.builtins.NUMERIC
const BOOL = types.builtins.BOOL

/** pg asks with a format too; every answer here is text. */
function typeParser(oid: number): (text: string) => unknown {
  if (oid === INT8 || oid === NUMERIC) return exactNumber
  if (oid === BOOL) return (text) => (text === 't' ? 1 : 0) // as the other engines answer a comparison
  return types.getTypeParser(oid, 'text') as (text: string) => unknown
}

function sslOf(tls: StoreTls) {
  if (tls.mode === 'require') return { rejectUnauthorized: false }
  return { rejectUnauthorized: true, ...(tls.ca === undefined ? {} : { ca: tls.ca }) }
}
