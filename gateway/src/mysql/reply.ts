import { AuthenticationFailed, Fault, StatementBlocked } from '@articdbm/contract'
import {
  chunkCount,
  type Err,
  encodeErr,
  encodeOk,
  encodeOkWithSchema,
  encodePackets,
  type Ok,
  PacketViolation,
  STATUS,
} from '@articdbm/wire/mysql'
import type { PacketChannel } from './channel.ts'

/** What a client is told after its command, numbered on from it. */
export class Reply {
  readonly channel: PacketChannel
  #sequence: number
  #schema: string | undefined

  constructor(channel: PacketChannel, commandSequence: number) {
    this.channel = channel
    this.#sequence = (commandSequence + 1) & 0xff
  }

  get sequence(): number {
    return this.#sequence
  }

  /** An answer was passed on up to here. */
  set sequence(sequence: number) {
    this.#sequence = sequence
  }

  async send(payloads: readonly Buffer[]): Promise<void> {
    const bytes = encodePackets(payloads, this.#sequence)
    for (const { length } of payloads) this.#sequence += chunkCount(length)
    this.#sequence &= 0xff
    if (!this.channel.write(bytes)) await this.channel.drained()
  }

  /** The next OK tells a client that tracks its session that this is its database now. */
  noteSchema(schema: string): void {
    this.#schema = schema
  }

  ok(ok: Partial<Ok> = {}): Promise<void> {
    const said = { status: STATUS.autocommit, ...ok }
    const schema = this.#schema
    return this.send([schema === undefined ? encodeOk(said) : encodeOkWithSchema(said, schema)])
  }

  refuse(error: unknown): Promise<void> {
    return this.send([encodeErr(errOf(error))])
  }
}

/** A fault knows its face; what is none is a bug, and shows as nothing but that. */
export function errOf(error: unknown): Err {
  if (error instanceof StatementBlocked && error.rule === UNREAD) return syntaxError(error)
  if (error instanceof Fault) {
    return { errno: error.mysqlErrno, sqlState: stateOf(error), message: messageOf(error) }
  }
  if (error instanceof PacketViolation) {
    return { errno: error.mysqlErrno, sqlState: '08S01', message: error.message }
  }
  return { errno: 1105, sqlState: 'HY000', message: 'internal error of the gateway' }
}

/** Programs look for MySQL's own first words of a log-in that failed. */
function messageOf(fault: Fault): string {
  const { message, hint } = fault
  if (fault instanceof AuthenticationFailed) return `Access denied: ${message}`
  return hint === undefined ? message : `${message}. ${hint}`
}

const UNREAD = 'statement.incomplete'

/** Clients know what to do with the errno of a text that a server can't read, either. */
function syntaxError({ message, hint }: StatementBlocked): Err {
  const said = `You have an error in your SQL syntax, or go beyond what the gateway reads: ${message}`
  return { errno: 1064, sqlState: '42000', message: `${said}. ${hint}` }
}

/** Where MySQL's clients know another state for an errno than PostgreSQL's. */
const STATES: Readonly<Record<number, string>> = {
  1040: '08004',
  1045: '28000',
  1046: '3D000',
  1049: '42000',
  1053: '08S01',
  1142: '42000',
  1048: '23000',
  1050: '42S01',
  1052: '23000',
  1054: '42S22',
  1062: '23000',
  1064: '42000',
  1146: '42S02',
  1205: 'HY000',
  1210: 'HY000',
  1213: '40001',
  1235: '42000',
  1290: 'HY000',
  1305: '42000',
  1317: '70100',
  1366: 'HY000',
  1452: '23000',
  1568: '25001',
  2006: 'HY000',
  2013: 'HY000',
  3819: 'HY000',
  3948: '42000',
}

function stateOf(fault: Fault): string {
  return STATES[fault.mysqlErrno] ?? fault.sqlState
}
