import { HEADER_BYTES, PacketReader } from '@articdbm/wire/mysql'
import type { Answer, Sink } from './answer.ts'

const MAX_BYTES = 16 * 1024 * 1024

/** Keeps a small answer: column definitions of a prepared statement, settings of the backend. */
export class Collection implements Sink {
  answer: Answer | undefined
  readonly #chunks: Buffer[] = []
  #bytes = 0

  write(bytes: Buffer): boolean {
    this.#bytes += bytes.length
    if (this.#bytes > MAX_BYTES) throw new Error('an answer too long to keep')
    this.#chunks.push(bytes)
    return true
  }

  drained(): Promise<void> {
    return Promise.resolve()
  }

  payloads(): readonly Buffer[] {
    const reader = new PacketReader(MAX_BYTES + HEADER_BYTES)
    reader.expect(1)
    for (const chunk of this.#chunks) reader.push(chunk)
    const found: Buffer[] = []
    for (let packet = reader.next(); packet; packet = reader.next()) found.push(packet.payload)
    return found
  }
}
