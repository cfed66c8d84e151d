import { decodeColumn, decodeTextRow, PayloadReader } from '@articdbm/wire/mysql'
import type { MysqlBackend } from './connection.ts'

/** Column names in lower case. */
export type NamedRow = ReadonlyMap<string, string | null>

/** All rows of a small query of our own. Rejects when it fails. */
export async function askRows(connection: MysqlBackend, sql: string): Promise<readonly NamedRow[]> {
  const command = { kind: 'query', text: Buffer.from(sql) } as const
  const collection = await connection.collect(command, 'results')
  const { answer } = collection
  if (answer?.error) throw new Error(`${answer.error.message} (${answer.error.errno})`)
  // The column count, a definition for each, EOF, the rows, EOF.
  const [count, ...payloads] = collection.payloads()
  const columns = count ? Number(new PayloadReader(count).lenenc()) : 0
  const names = payloads
    .slice(0, columns)
    .map((payload) => decodeColumn(payload).name.toLowerCase())
  return payloads.slice(columns + 1, -1).map((payload) => named(names, payload))
}

function named(names: readonly string[], payload: Buffer): NamedRow {
  const values = decodeTextRow(payload, names.length)
  return new Map(names.map((name, at) => [name, values[at]?.toString('utf8') ?? null]))
}
