import type { LaneRequest } from './request.ts'

/** What comes of an answer: it is its client's, or the same is asked once more, on another lane or on this one. */
export type Fate = 'answered' | 'ask elsewhere' | 'ask here'

export interface LineListener {
  /** The next bytes of the answer that is due; with `isEnd` its last. */
  take(bytes: Buffer, isEnd: boolean): void
  /** Nothing more will come. */
  lost(): void
}

export interface Concluded<R> {
  readonly request: R
  readonly hidden: number
  /** A cancel was sent, and meant for another one. */
  readonly isBystander: boolean
}

/** A backend connection while it is a lane: what differs from protocol to protocol. */
export interface Line<Seen, R extends LaneRequest<Seen>> {
  /** What was seen of the answer that is due. */
  readonly seen: Seen
  /** A cancel that has arrived can't hit what is asked later. */
  readonly outlivesCancel: boolean
  /** Puts the bytes of the request behind `outgoing`; answers with how many answers come first that its client must not see. */
  ask(request: R, outgoing: Buffer[]): number
  /** The next answer is to a request with so many hidden ones; undefined: to none. */
  expect(hidden: number | undefined): void
  /** The answer that is due is whole. */
  conclude(concluded: Concluded<R>): Fate
  write(bytes: Buffer): void
  /** The backend waits with what it has to say. */
  pause(): void
  resume(): void
  /** True when the cancel has reached the backend. */
  cancel(): Promise<boolean>
  /** It is a lane no more. */
  leave(isUsable: boolean): void
}
