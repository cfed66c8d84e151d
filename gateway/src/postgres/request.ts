// What a client asks for: one Query, or messages up to Sync or Flush.
import { decodeFrontend, FRONTEND, type Frame, MalformedMessage } from '@articdbm/wire/postgres'
import type { Received } from './extended.ts'

export type Request =
  | { readonly kind: 'simple'; readonly received: Received }
  | {
      readonly kind: 'extended'
      readonly received: readonly Received[]
      /** `part`: the request is long, or a Query follows; what came so far goes ahead. */
      readonly end: 'sync' | 'flush' | 'part'
    }
  | { readonly kind: 'terminate' }

// A message of 40 bytes costs a hundred times that while it is judged and recorded, so bytes alone don't bound a request.
const MAX_MESSAGES = 1_000

/** Collects frames into requests. */
export class RequestReader {
  readonly #maxRequestBytes: number
  #received: Received[] = []
  #bytes = 0
  #next: Received | undefined
  constructor(maxRequestBytes: number) {
    this.#maxRequestBytes = maxRequestBytes
  }

  get isEmpty(): boolean {
    return this.#received.length === 0
  }

  /** A request that needs no further frame. */
  pending(): Request | undefined {
    const received = this.#next
    this.#next = undefined
    return received && { kind: 'simple', received }
  }

  /** Undefined until the request is complete. */
  push(frame: Frame): Request | undefined {
    if (frame.code === FRONTEND.terminate) return { kind: 'terminate' }
    if (frame.code === FRONTEND.credential)
      throw new MalformedMessage('a password after the log-in')
    if (frame.code === FRONTEND.query || frame.code === FRONTEND.functionCall) {
      return this.#simple({ frame, message: read(frame) })
    }
    if (frame.code === FRONTEND.sync) return this.#complete('sync')
    if (frame.code === FRONTEND.flush) return this.#complete('flush')
    if (COPY.has(frame.code)) return undefined
    this.#received.push({ frame, message: read(frame) })
    this.#bytes += frame.bytes.length
    const isLong = this.#bytes >= this.#maxRequestBytes || this.#received.length >= MAX_MESSAGES
    return isLong ? this.#complete('part') : undefined
  }

  #simple(received: Received): Request {
    if (this.isEmpty) return { kind: 'simple', received }
    this.#next = received
    return this.#complete('part')
  }

  #complete(end: 'sync' | 'flush' | 'part'): Request {
    const received = this.#received
    this.#received = []
    this.#bytes = 0
    return { kind: 'extended', received, end }
  }
}

/** Outside of COPY they come from a client that doesn't know yet that it has failed: PostgreSQL ignores them, too. */
const COPY: ReadonlySet<number> = new Set([FRONTEND.copyData, FRONTEND.copyDone, FRONTEND.copyFail])

/** A text that isn't UTF-8 fails its statement; anything else malformed ends the session. */
function read(frame: Frame): Received['message'] {
  try {
    return decodeFrontend(frame)
  } catch (error) {
    if (error instanceof MalformedMessage && error.sqlState === '22021') {
      return { kind: 'unreadable', error }
    }
    throw error
  }
}
