/** What one client asks of a lane: a plain short read, and one answer. `Seen`: what a protocol tells of an answer. */
export interface LaneRequest<Seen> {
  /** How often it was sent already. */
  tries: number
  /**
   * The next bytes of the answer, lent until this returns. False: its client has no room for more until `drained`,
   * and the bytes stay lent until then.
   */
  answer(bytes: Buffer): boolean
  drained(): Promise<void>
  /** The whole answer was given. */
  ended(seen: Seen, serviceMs: number): void
  /** There will be no answer. `isTorn`: the client has a part of one already. */
  failed(fault: unknown, isTorn: boolean): void
}
