// Cuts what a client sends after COPY … FROM STDIN into its lines, however the client cut it.
import { PostgresFault } from '../fault.ts'
import type { CopyFormat } from './copy-format.ts'

const NEWLINE = 0x0a
const BACKSLASH = 0x5c
/** A line, and a value in it, is kept whole. */
const MAX_LINE_BYTES = 16 * 1024 * 1024

export interface CopyLine {
  readonly bytes: Buffer
  /** Of its last line of text, from 1. */
  readonly number: number
}

export class CopyLines {
  readonly #ends: (byte: number) => boolean
  #parts: Buffer[] = []
  #bytes = 0
  #number = 1

  constructor(format: CopyFormat) {
    this.#ends = format.isCsv ? this.#csvEnds(format) : textEnds()
  }

  /** Where the line is that is being read. */
  get number(): number {
    return this.#number
  }

  *push(chunk: Buffer): Generator<CopyLine> {
    let start = 0
    for (let at = 0; at < chunk.length; at += 1) {
      if (!this.#ends(chunk[at] as number)) continue
      this.#keep(chunk.subarray(start, at))
      start = at + 1
      yield this.#take()
    }
    this.#keep(chunk.subarray(start))
  }

  /** What no newline ended. */
  *end(): Generator<CopyLine> {
    if (this.#bytes > 0) yield this.#take()
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return
    this.#bytes += part.length
    if (this.#bytes > MAX_LINE_BYTES) {
      throw new PostgresFault('54000', `a line of COPY may have ${MAX_LINE_BYTES} bytes`)
    }
    this.#parts.push(part)
  }

  #take(): CopyLine {
    const [only, ...more] = this.#parts
    const bytes = only && more.length === 0 ? only : Buffer.concat(this.#parts)
    this.#parts = []
    this.#bytes = 0
    const number = this.#number
    this.#number += 1
    return { bytes, number }
  }

  /** A newline between quotes belongs to its field. It counts as a line, though not in the first, as with PostgreSQL. */
  #csvEnds({ quote, escapeSign }: CopyFormat): (byte: number) => boolean {
    const quoteCode = quote.charCodeAt(0)
    const escapeCode = escapeSign === quote ? undefined : escapeSign.charCodeAt(0)
    let isQuoted = false
    let isEscaped = false
    return (byte) => {
      const wasEscaped = isEscaped
      isEscaped = byte === escapeCode && isQuoted && !wasEscaped
      if (byte === quoteCode && !wasEscaped) isQuoted = !isQuoted
      if (byte !== NEWLINE) return false
      if (isQuoted && this.#number > 1) this.#number += 1
      return !isQuoted
    }
  }
}

function textEnds(): (byte: number) => boolean {
  let isEscaped = false
  return (byte) => {
    const wasEscaped = isEscaped
    isEscaped = byte === BACKSLASH && !wasEscaped
    return byte === NEWLINE && !wasEscaped
  }
}
