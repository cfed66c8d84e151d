import { AnswerScanner, type Err, PacketViolation, type Result } from '@articdbm/wire/mysql'
import type { MysqlBackend, Reader } from '../backend/connection.ts'
import type { PacketChannel } from '../channel.ts'

/** What was seen of an answer. */
export interface OwnAnswer {
  readonly results: readonly Result[]
  readonly error: Err | undefined
  readonly bytes: number
  readonly serviceMs: number
}

/** As its client stands: an ERR may follow whole packets only. */
export interface Standing {
  readonly isAtBoundary: boolean
  readonly nextSequence: number
}

export interface OwnOutcome {
  readonly answered: (answer: OwnAnswer) => void
  /** The connection is closed. */
  readonly lost: (seen: OwnAnswer, standing: Standing) => void
}

const BEGINNING: Standing = { isAtBoundary: true, nextSequence: 1 }

/** One command on the connection that its session has on lease; its answer goes to the client while it comes. */
export class OwnCommand implements Reader {
  readonly #connection: MysqlBackend
  readonly #channel: PacketChannel
  readonly #outcome: OwnOutcome
  readonly #scanner: AnswerScanner
  readonly #results: Result[] = []
  #error: Err | undefined
  #bytes = 0
  #sinceMs = 0
  /** Without the chunk that is being scanned. */
  #standing = BEGINNING
  #isOver = false

  constructor(connection: MysqlBackend, channel: PacketChannel, outcome: OwnOutcome) {
    this.#connection = connection
    this.#channel = channel
    this.#outcome = outcome
    this.#scanner = new AnswerScanner('results', {
      onResult: (result) => void this.#results.push(result),
      onError: (err) => {
        this.#error = err
      },
      onFileRequest: () => {
        throw new PacketViolation('the backend asks for a file of the client')
      },
    })
  }

  /** Only on a connection at rest. */
  send(bytes: Buffer): void {
    this.#sinceMs = performance.now()
    this.#connection.readBy(this)
    if (this.#connection.isOpen) this.#connection.writeNow(bytes)
    else this.lost()
  }

  take(chunk: Buffer): void {
    try {
      this.#scanner.scan(chunk)
    } catch {
      // What can't be understood can't be believed: nothing of it is passed on.
      this.#connection.close()
      return
    }
    const { isAtBoundary, nextSequence } = this.#scanner
    this.#standing = { isAtBoundary, nextSequence }
    this.#bytes += chunk.length
    if (!this.#channel.write(chunk)) this.#waitForClient()
    else if (this.#scanner.isEnded) this.#finish()
  }

  lost(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#connection.readBy(undefined)
    this.#outcome.lost(this.#seen, this.#standing)
  }

  /** A client without room makes the backend wait. */
  #waitForClient(): void {
    this.#connection.pause()
    this.#channel.drained().then(
      () => {
        this.#connection.resume()
        if (this.#scanner.isEnded) this.#finish()
      },
      () => this.#connection.close(),
    )
  }

  #finish(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#connection.readBy(undefined)
    this.#connection.noteResults(this.#results)
    this.#outcome.answered(this.#seen)
  }

  get #seen(): OwnAnswer {
    const serviceMs = performance.now() - this.#sinceMs
    return { results: this.#results, error: this.#error, bytes: this.#bytes, serviceMs }
  }
}
