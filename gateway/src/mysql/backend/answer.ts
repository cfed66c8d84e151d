import type { AnswerKind, Err, Result } from '@articdbm/wire/mysql'

/** Where an answer goes while it comes: to a client, or into a small collection. */
export interface Sink {
  /** False: wait for `drained` before giving more. */
  write(bytes: Buffer): boolean
  drained(): Promise<void>
}

/** What was seen of an answer that has ended. */
export interface Answer {
  readonly results: readonly Result[]
  readonly error: Err | undefined
  readonly bytes: number
  /** The number that a further packet to the client would have. */
  readonly nextSequence: number
}

export interface Question {
  /** Packets, numbered from 0. */
  readonly bytes: Buffer
  readonly kind: AnswerKind
  /** The number that the answer's first packet shall have. */
  readonly firstSequence: number
  readonly sink: Sink
  /** The files of the client that a judged LOAD DATA LOCAL names: the backend may ask for no others. */
  readonly files?: FileSource
}

export interface FileSource {
  /** Throws PacketViolation where it may not be asked for. */
  request(name: Buffer): void
  /** The client has been asked: its next packet has this number. */
  send(sequence: number): void
}

/** The backend was lost, or left the protocol, before its answer was whole. */
export class AnswerLost extends Error {
  /** True where the client has seen whole packets only, so that an ERR may follow. */
  readonly isAtBoundary: boolean
  readonly nextSequence: number
  readonly results: readonly Result[]
  constructor(why: string, seen: Pick<AnswerLost, 'isAtBoundary' | 'nextSequence' | 'results'>) {
    super(why)
    this.isAtBoundary = seen.isAtBoundary
    this.nextSequence = seen.nextSequence
    this.results = seen.results
  }
}
