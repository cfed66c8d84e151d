import {
  BACKEND,
  decodeFrontend,
  encodeBackend,
  encodeFrontend,
  type Piece,
} from '@articdbm/wire/postgres'
import type { Outgoing } from '../executor.ts'
import { PostgresFault } from '../fault.ts'
import type { CopyFormat } from './copy-format.ts'
import type { CopyLoad } from './copy-load.ts'
import { copyLine, headerLine } from './copy-out.ts'
import type { Cursor } from './cursor.ts'

/** What a COPY to the client says before its completion. */
export async function* copyPieces(cursor: Cursor, format: CopyFormat): AsyncGenerator<Piece> {
  const { columnNames } = cursor
  const response = encodeBackend({ kind: 'copyOutResponse', columns: columnNames.length })
  yield { kind: 'frame', code: BACKEND.copyOutResponse, bytes: response }
  if (format.hasHeader) yield copied([headerLine(columnNames, format)])
  for (;;) {
    const rows = await cursor.nextTexts()
    if (rows.length === 0) break
    yield copied(rows.map((row) => copyLine(row, format)))
  }
  yield { kind: 'frame', code: BACKEND.copyDone, bytes: encodeBackend({ kind: 'copyDone' }) }
}

/** CopyData is the same message in both directions. */
function copied(lines: readonly Buffer[]): Piece {
  const frames = lines.map((bytes) => encodeFrontend({ kind: 'copyData', bytes }))
  return { kind: 'copy', count: lines.length, bytes: Buffer.concat(frames) }
}

/** Takes a COPY's lines from the frames that come; undefined where it waits for them. */
export async function* copyInPieces(
  load: CopyLoad,
  queue: Outgoing[],
): AsyncGenerator<Piece | undefined> {
  await load.begin()
  const response = encodeBackend({ kind: 'copyInResponse', columns: load.columnCount })
  yield { kind: 'frame', code: BACKEND.copyInResponse, bytes: response }
  for (;;) {
    const next = queue.shift()
    if (!next) yield undefined
    else if (await hasEnded(load, next.bytes)) break
  }
  await load.finish()
}

async function hasEnded(load: CopyLoad, bytes: Buffer): Promise<boolean> {
  const code = bytes.readUInt8(0)
  const message = decodeFrontend({ code, bytes, body: bytes.subarray(5) })
  switch (message.kind) {
    case 'copyData':
      await load.data(message.bytes)
      return false
    case 'copyDone':
      return true
    case 'copyFail':
      return load.failed(message.reason)
    case 'sync':
    case 'flush':
      return false
    default:
      throw new PostgresFault('08P01', `unexpected message type ${code} during COPY from stdin`)
  }
}
