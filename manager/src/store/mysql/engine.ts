import { MysqlAdapter, MysqlIntrospector, MysqlQueryCompiler } from 'kysely'
import type { PoolConnection, ResultSetHeader } from 'mysql2'
import { beforeDeadline } from '../deadline.ts'
import {
  type Answer,
  type Engine,
  exactNumber,
  type Row,
  type Session,
  type Value,
} from '../engine.ts'
import type { ServerConfig } from '../store-config.ts'
import { explainMysql } from './faults.ts'
import { openNodes } from './nodes.ts'

/** MySQL, MariaDB and Galera. */
export function openMysql(config: ServerConfig): Engine {
  const nodes = openNodes(config)
  return {
    type: config.type,
    begin: 'START TRANSACTION',
    connect: async () => openSession(await nodes.connect()),
    end: () => nodes.end(),
    explain: explainMysql,
    adapter: () => new MysqlAdapter(),
    compiler: () => new MysqlQueryCompiler(),
    introspector: (db) => new MysqlIntrospector(db),
  }
}

function openSession(connection: PoolConnection): Session {
  return {
    execute: (sql, parameters) => execute(connection, sql, parameters),
    release: () => connection.release(),
    destroy: () => connection.destroy(),
  }
}

function execute(
  connection: PoolConnection,
  sql: string,
  parameters: readonly Value[],
): Promise<Answer> {
  const values = parameters.map(literal)
  const answer = new Promise<Answer>((resolve, reject) => {
    const statement = { sql, values, typeCast }
    connection.query(statement, (error, result) => {
      if (error) reject(error)
      else resolve(answerOf(result))
    })
  })
  return beforeDeadline(answer)
}

/** The driver writes values into the text; of a byte array it knows only Buffer. */
function literal(value: Value): string | number | null | Buffer {
  if (typeof value === 'bigint') return value.toString()
  return value instanceof Uint8Array ? Buffer.from(value) : value
}

function answerOf(result: unknown): Answer {
  if (Array.isArray(result)) return { rows: result as Row[], affected: undefined }
  return { rows: [], affected: (result as ResultSetHeader).affectedRows }
}

interface Field {
  readonly type: string
  string(): string | null
}

const EXACT = new Set(['LONGLONG', 'NEWDECIMAL', 'DECIMAL'])

function typeCast(field: Field, next: () => unknown): unknown {
  if (!EXACT.has(field.type)) return next()
  const digits = field.string()
  return digits === null ? null : exactNumber(digits)
}
