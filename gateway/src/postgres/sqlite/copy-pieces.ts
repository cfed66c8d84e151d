import { BACKEND, encodeBackend, encodeFrontend, type Piece } from '@articdbm/wire/postgres'
import { type CopyFormat, copyLine, headerLine } from './copy-out.ts'
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
