import { decodeBackend, type Piece } from '@articdbm/wire/postgres'
import { BackendRefusal, type PostgresConnection } from './connection.ts'

const MAX_ROW_BYTES = 65_536

/** The first row of a small query of our own, as texts. Rejects when it fails. */
export async function askRow(
  connection: PostgresConnection,
  text: string,
): Promise<readonly (string | null)[]> {
  const rows: Buffer[] = []
  const failure = await connection.ask(text, (piece) => {
    if (piece.kind === 'rows') keep(rows, piece)
  })
  if (failure) throw failure
  const message = rows.length > 0 ? decodeBackend(firstFrame(Buffer.concat(rows))) : undefined
  if (message?.kind !== 'dataRow') throw new BackendRefusal(new Map([['M', 'no row came']]))
  return message.values.map((value) => value?.toString('utf8') ?? null)
}

function keep(rows: Buffer[], { bytes }: Piece): void {
  const held = rows.reduce((sum, one) => sum + one.length, 0)
  if (held + bytes.length <= MAX_ROW_BYTES) rows.push(Buffer.from(bytes))
}

function firstFrame(bytes: Buffer): Buffer {
  return bytes.subarray(0, 1 + bytes.readUInt32BE(1))
}
