/** Bytes that the protocol doesn't allow; the session that sent them can't go on. */
export class MalformedMessage extends Error {
  /** 08P01, or 22021 for a text that is not UTF-8. */
  readonly sqlState: '08P01' | '22021'
  constructor(message: string, sqlState: '08P01' | '22021' = '08P01') {
    super(message)
    this.sqlState = sqlState
  }
}
