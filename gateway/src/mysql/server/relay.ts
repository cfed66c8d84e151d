// One question to a backend, its answer to the client, its ends to the audit.
import type { AnswerKind, Result } from '@articdbm/wire/mysql'
import type { Ticket } from '../../admit/admission.ts'
import { type Answer, AnswerLost } from '../backend/answer.ts'
import type { MysqlBackend } from '../backend/connection.ts'
import { BackendLost } from '../faults.ts'
import type { Reply } from '../reply.ts'
import { LocalFiles } from './local-file.ts'
import { MaskingSink, type Masks } from './masked-answer.ts'

const INTERRUPTED = 1317

export interface Relayed {
  readonly bytes: Buffer
  readonly kind: AnswerKind
  readonly tickets: readonly Ticket[]
  /** Names of the client's files that the backend may ask for. */
  readonly files?: readonly string[]
  /** What may not be seen of the answer. */
  readonly masks?: Masks | undefined
}

/** Throws BackendLost where the client can still be told; else the client is closed. */
export async function relay(
  connection: MysqlBackend,
  reply: Reply,
  { bytes, kind, tickets, files: names, masks }: Relayed,
): Promise<Answer> {
  const wasKept = connection.isTainted || connection.isInTransaction
  const { channel, sequence: firstSequence } = reply
  const files = names?.length ? new LocalFiles(names, { channel, connection }) : undefined
  const sink = masks ? new MaskingSink(channel, masks) : channel
  const question = { bytes, kind, firstSequence, sink, ...(files && { files }) }
  for (const ticket of tickets) ticket.forwarded()
  try {
    const asked = connection.ask(question)
    const answer = await (files?.follow(asked) ?? asked)
    reply.sequence = answer.nextSequence
    endTickets(tickets, answer)
    return answer
  } catch (error) {
    if (!(error instanceof AnswerLost)) throw error
    throw lost(error, { reply, tickets, wasKept, files })
  }
}

interface Lost {
  readonly reply: Reply
  readonly tickets: readonly Ticket[]
  readonly wasKept: boolean
  readonly files: LocalFiles | undefined
}

function lost(error: AnswerLost, { reply, tickets, wasKept, files }: Lost): BackendLost {
  endTickets(tickets, { results: error.results, error: undefined, bytes: 0 })
  for (const ticket of tickets)
    ticket.end({ outcome: 'lost', rows: 0, bytes: 0, errorCode: '2013' })
  if (!error.isAtBoundary) reply.channel.close()
  reply.sequence = files?.nextSequence ?? error.nextSequence
  return new BackendLost(error.message, wasKept ? 'ends the session' : 'goes on')
}

/** One result a statement; what a CALL returns beyond that belongs to the last. An error ends the rest. */
export function endTickets(
  tickets: readonly Ticket[],
  { results, error, bytes }: Pick<Answer, 'results' | 'error' | 'bytes'>,
): void {
  const last = tickets.length - 1
  tickets.forEach((ticket, at) => {
    const own = at === last ? results.slice(at) : results.slice(at, at + 1)
    const isOver = own.length > 0 && !(error && at === Math.min(results.length, last))
    if (isOver)
      ticket.end({
        outcome: 'ok',
        rows: rowsOf(own),
        bytes: at === last ? bytes : 0,
        errorCode: '',
      })
    else if (error) {
      const outcome = error.errno === INTERRUPTED ? 'cancelled' : 'error'
      ticket.end({ outcome, rows: rowsOf(own), bytes: 0, errorCode: `${error.errno}` })
    }
  })
}

function rowsOf(results: readonly Result[]): number {
  return results.reduce((sum, result) => sum + result.rows + Number(result.affectedRows), 0)
}
