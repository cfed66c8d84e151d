// What a backend still owes: one entry for each answer, in the order in which it was asked.
import {
  BACKEND,
  type BackendMessage,
  decodeBackend,
  MalformedMessage,
  type Piece,
  rowsOfTag,
  type TransactionStatus,
} from '@articdbm/wire/postgres'
import type { Ending, Ticket } from '../admit/admission.ts'
import type { MaskedRows } from './masked-rows.ts'
import { failureOf } from './refusal.ts'

export interface Answerable {
  readonly ticket: Ticket
  /** What of its rows may not be seen. */
  readonly masked?: MaskedRows | undefined
  /** What follows for the session once it is complete. */
  readonly completed: () => void
}

export type Expected =
  /** ParseComplete, BindComplete, CloseComplete, or what Describe gives. */
  | {
      readonly kind: 'reply'
      readonly codes: readonly number[]
      readonly isVisible: boolean
      /** Of whose rows this is the description. */
      readonly masked?: MaskedRows
      /** It failed, or was left out after a failure. */
      readonly undo?: (errorCode: string) => void
    }
  | {
      readonly kind: 'execute'
      readonly statement: Answerable
      /** It failed, or was left out after a failure. */
      readonly undo: (errorCode: string) => void
    }
  /** A simple Query: a completion for each statement, then ReadyForQuery. A function call: its one result, then the same. */
  | { readonly kind: 'query'; readonly statements: readonly Answerable[] }
  /** A silent one is ours: its ReadyForQuery is nobody's. */
  | { readonly kind: 'sync'; readonly isSilent?: boolean }
  /** We made the backend fail on purpose: its transaction fails as the client is told. */
  | { readonly kind: 'refusal'; readonly response: Buffer }
  /** An answer of our own at its place in the order. */
  | { readonly kind: 'say'; readonly bytes: Buffer }

const COMPLETIONS: readonly number[] = [
  BACKEND.commandComplete,
  BACKEND.emptyQueryResponse,
  BACKEND.portalSuspended,
  BACKEND.functionCallResponse,
]

interface Tally {
  rows: number
  /** Of a COPY: not each is a row, so where the command tag comes it counts them. */
  copied: number
  bytes: number
}

const NOTHING: Readonly<Tally> = { rows: 0, copied: 0, bytes: 0 }

/** Matches answers with what was asked, counts them, and says what the client gets. */
export class Exchange {
  #expected: Expected[] = []
  #said: Buffer[] = []
  #tally: Tally = { ...NOTHING }
  #completed = 0
  #wants: 'nothing' | 'copy' = 'nothing'
  status: TransactionStatus = 'idle'
  /** After an error in the extended protocol everything is left out until Sync. */
  isSkipping = false
  /** The backend's last words were FATAL. */
  hasFailed = false

  get isSettled(): boolean {
    return this.#expected.length === 0
  }

  /** ReadyForQuery will come without anything more from the client. */
  get isDue(): boolean {
    return this.#expected.some(({ kind }) => kind === 'sync' || kind === 'query')
  }

  /** The backend waits for the client's COPY lines. */
  get wantsCopy(): boolean {
    return this.#wants === 'copy'
  }

  expect(expected: Expected): void {
    this.#expected.push(expected)
  }

  /** What the client gets of these pieces, in as few stretches as they came. */
  relay(pieces: readonly Piece[]): Buffer[] {
    for (const piece of pieces) this.#accept(piece)
    return this.say()
  }

  /** What is ours to say now. */
  say(): Buffer[] {
    this.#sayOwn()
    const said = this.#said
    this.#said = []
    return said
  }

  /** The client's lines count like those that a backend gives. */
  copyPassed(bytes: number): void {
    this.#tally.bytes += bytes
  }

  copyEnded(): void {
    this.#wants = 'nothing'
  }

  /** The backend is gone: what it owed is lost. */
  abandon(outcome: Ending['outcome'], errorCode: string): void {
    for (const expected of this.#expected) this.#drop(expected, { outcome, errorCode })
    this.#expected = []
    this.#wants = 'nothing'
    this.isSkipping = false
  }

  #sayOwn(): void {
    for (let head = this.#expected[0]; head?.kind === 'say'; head = this.#expected[0]) {
      this.#said.push(head.bytes)
      this.#expected.shift()
    }
  }

  #accept(piece: Piece): void {
    this.#sayOwn()
    this.#tally.bytes += piece.bytes.length
    if (piece.kind === 'frame') this.#acceptFrame(piece.code, piece.bytes)
    else this.#pass(piece)
  }

  #pass({ kind, count, bytes }: Piece & { kind: 'rows' | 'copy' }): void {
    this.#tally[kind === 'rows' ? 'rows' : 'copied'] += count
    const masked = this.#underWay?.masked
    if (kind === 'copy' && masked?.hidesColumns) {
      throw new MalformedMessage('lines of what can only be shown masked')
    }
    this.#said.push(masked && kind === 'rows' ? masked.rewrite(bytes) : bytes)
  }

  /** The statement whose answer comes now. */
  get #underWay(): Answerable | undefined {
    const head = this.#expected[0]
    if (head?.kind === 'execute') return head.statement
    return head?.kind === 'query' ? head.statements[this.#completed] : undefined
  }

  #acceptFrame(code: number, bytes: Buffer): void {
    const head = this.#expected[0]
    if (code === BACKEND.errorResponse) this.#acceptError(bytes)
    else if (code === BACKEND.readyForQuery) this.#acceptReady(bytes)
    else if (COMPLETIONS.includes(code)) this.#acceptCompletion(bytes, code)
    else if (head?.kind === 'reply' && head.codes.includes(code))
      this.#acceptReply(head, bytes, code)
    else this.#acceptOther(code, bytes)
  }

  #acceptReply(head: Expected & { kind: 'reply' }, bytes: Buffer, code: number): void {
    if (code === BACKEND.rowDescription) head.masked?.describe(bytes)
    if (head.isVisible) this.#said.push(bytes)
    this.#expected.shift()
  }

  #acceptOther(code: number, bytes: Buffer): void {
    if (!PASSED_ON.has(code)) throw new MalformedMessage(`unexpected backend message ${code}`)
    if (code === BACKEND.copyInResponse) this.#beginCopy()
    if (code === BACKEND.rowDescription) this.#underWay?.masked?.describe(bytes)
    this.#said.push(bytes)
  }

  /** While it reads COPY lines the backend ignores the Sync that came with the Execute. */
  #beginCopy(): void {
    this.#wants = 'copy'
    if (this.#expected[0]?.kind !== 'execute') return
    while (this.#expected[1]?.kind === 'sync') this.#expected.splice(1, 1)
  }

  #acceptCompletion(bytes: Buffer, code: number): void {
    const head = this.#expected[0]
    const rows = this.#tally.rows > 0 ? this.#tally.rows : rowsOf(bytes, code)
    const ending: Ending = { outcome: 'ok', rows, bytes: this.#tally.bytes, errorCode: '' }
    this.#tally = { ...NOTHING }
    if (head?.kind === 'execute') {
      this.#expected.shift()
      complete(head.statement, ending)
    } else if (head?.kind === 'query') {
      const statement = head.statements[this.#completed++]
      if (statement) complete(statement, ending)
    } else throw new MalformedMessage('the backend completed what nobody asked')
    this.#said.push(bytes)
  }

  #acceptError(bytes: Buffer): void {
    const { severity, sqlState } = readError(bytes)
    const head = this.#expected[0]
    this.hasFailed ||= severity === 'FATAL' || severity === 'PANIC'
    const told = this.#underWay?.masked?.hideDetails(bytes) ?? bytes
    this.#said.push(head?.kind === 'refusal' ? head.response : told)
    this.#wants = 'nothing'
    if (!head) return
    const outcome = failureOf(sqlState)
    if (head.kind === 'query') this.#dropStatements(head, { outcome, errorCode: sqlState })
    else this.#skip({ outcome, errorCode: sqlState })
  }

  /** After an error in the extended protocol the backend answers nothing before the next Sync. */
  #skip(reason: Pick<Ending, 'outcome' | 'errorCode'>): void {
    const at = this.#expected.findIndex(({ kind }) => kind === 'sync')
    const dropped = this.#expected.splice(0, at < 0 ? this.#expected.length : at)
    for (const expected of dropped.reverse()) this.#drop(expected, reason)
    this.isSkipping = at < 0
  }

  #drop(expected: Expected, reason: Pick<Ending, 'outcome' | 'errorCode'>): void {
    if (expected.kind === 'reply') expected.undo?.(reason.errorCode)
    if (expected.kind === 'execute') {
      expected.statement.ticket.end(this.#endingOf(reason))
      expected.undo(reason.errorCode)
    }
    if (expected.kind === 'query') this.#dropStatements(expected, reason)
  }

  #dropStatements(
    query: Expected & { kind: 'query' },
    reason: Pick<Ending, 'outcome' | 'errorCode'>,
  ): void {
    for (const { ticket } of query.statements.slice(this.#completed)) {
      ticket.end(this.#endingOf(reason))
    }
    this.#completed = query.statements.length
  }

  #endingOf(reason: Pick<Ending, 'outcome' | 'errorCode'>): Ending {
    const { rows, copied, bytes } = this.#tally
    this.#tally = { ...NOTHING }
    return { ...reason, rows: rows + copied, bytes }
  }

  #acceptReady(bytes: Buffer): void {
    const message = decodeBackend(bytes)
    if (message?.kind === 'readyForQuery') this.status = message.status
    const head = this.#expected.shift()
    if (head?.kind === 'query') this.#endQuery(head)
    else if (head ? head.kind !== 'sync' : !this.isSkipping) {
      throw new MalformedMessage('the backend is ready before it has answered')
    }
    this.isSkipping = false
    this.#tally = { ...NOTHING }
    if (head?.kind !== 'sync' || !head.isSilent) this.#said.push(bytes)
  }

  /** A statement that a rule rewrote away completes without a word. */
  #endQuery(query: Expected & { kind: 'query' }): void {
    for (const statement of query.statements.slice(this.#completed)) {
      complete(statement, { outcome: 'ok', rows: 0, bytes: 0, errorCode: '' })
    }
    this.#completed = 0
  }
}

const PASSED_ON: ReadonlySet<number> = new Set([
  BACKEND.parameterStatus,
  BACKEND.noticeResponse,
  BACKEND.notificationResponse,
  BACKEND.rowDescription,
  BACKEND.parameterDescription,
  BACKEND.copyInResponse,
  BACKEND.copyOutResponse,
  BACKEND.copyDone,
])

function complete(statement: Answerable, ending: Ending): void {
  statement.ticket.end(ending)
  statement.completed()
}

/** The last number of a command tag: "INSERT 0 5", "SELECT 5", "COPY 5". A function call gives one value. */
function rowsOf(bytes: Buffer, code: number): number {
  if (code === BACKEND.functionCallResponse) return 1
  return code === BACKEND.commandComplete ? rowsOfTag(bytes) : 0
}

function readError(bytes: Buffer): { severity: string; sqlState: string } {
  const message: BackendMessage | undefined = decodeBackend(bytes)
  if (message?.kind !== 'errorResponse') return { severity: 'ERROR', sqlState: 'XX000' }
  const { fields } = message
  return {
    severity: fields.get('V') ?? fields.get('S') ?? 'ERROR',
    sqlState: fields.get('C') ?? 'XX000',
  }
}
