// What the answers of a SQLite file are made of.
import {
  BACKEND,
  type BackendMessage,
  decodeFrontend,
  encodeBackend,
  type Piece,
} from '@articdbm/wire/postgres'
import type { Judged } from '../../admit/admission.ts'
import type { SqliteAccess } from '../../sqlite/index.ts'
import { copyPieces } from './copy-pieces.ts'
import type { Cursor } from './cursor.ts'

/** Undefined: it waits for the client's next frame. */
export type Pieces = AsyncGenerator<Piece | undefined, void, undefined>

export async function* rowsOf(cursor: Cursor, limit: number, formats: readonly number[]): Pieces {
  if (cursor.copy) {
    yield* copyPieces(cursor, cursor.copy)
    return
  }
  let left = limit
  while (left > 0) {
    const rows = await cursor.next(left, formats)
    if (rows.length === 0) return
    left -= rows.length
    yield { kind: 'rows', count: rows.length, bytes: Buffer.concat(rows) }
  }
}

export function allowedBy(judged: Judged, at: number): readonly SqliteAccess[] {
  return (judged.statements[at]?.relations ?? []).map(({ name, access }) => ({ name, access }))
}

export function isExecuteOf(bytes: Buffer, portal: string): boolean {
  const message = decodeFrontend({ code: bytes.readUInt8(0), bytes, body: bytes.subarray(5) })
  return message.kind === 'execute' && message.portal === portal
}

export function said(message: BackendMessage): Piece {
  return frame(encodeBackend(message))
}

export function frame(bytes: Buffer): Piece {
  const code = bytes.readUInt8(0)
  return code === BACKEND.dataRow
    ? { kind: 'rows', count: 1, bytes }
    : { kind: 'frame', code, bytes }
}
