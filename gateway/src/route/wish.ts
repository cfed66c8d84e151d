/** What a session wants a backend connection for. */
export interface Wish {
  /** `reader`: a replica will do, if one is fit. */
  readonly aim: 'primary' | 'reader'
  readonly user: string
  readonly application: string
  /** Its last write: a reader must have it. In milliseconds of the monotonic clock; -Infinity for none. */
  readonly writtenAtMs: number
  /** Asked for by a hint: a replica that lags will do, and the split may be switched off. */
  readonly isHinted: boolean
}

/** For who reads and writes, and asks for nothing special. */
export const TO_PRIMARY: Wish = {
  aim: 'primary',
  user: '',
  application: '',
  writtenAtMs: Number.NEGATIVE_INFINITY,
  isHinted: false,
}
