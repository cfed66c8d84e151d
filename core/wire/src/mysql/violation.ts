/** Bytes that can't be what the protocol says they are. `mysqlErrno` is what a client is told. */
export class PacketViolation extends Error {
  readonly mysqlErrno: number
  constructor(message: string, mysqlErrno = 1835) {
    super(message)
    this.mysqlErrno = mysqlErrno
  }
}

export const PACKET_TOO_LARGE = 1153
export const PACKETS_OUT_OF_ORDER = 1156
