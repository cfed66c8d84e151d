// The extended protocol: which messages of a request may pass, and what is sent for them.
import type { Fault } from '@articdbm/contract'
import {
  BACKEND,
  encodeBackend,
  encodeFrontend,
  type Frame,
  type FrontendMessage,
  type MalformedMessage,
  renameBound,
} from '@articdbm/wire/postgres'
import type { Judged } from '../admit/admission.ts'
import type { Answerable, Exchange, Expected } from './exchange.ts'
import type { Executor, Outgoing } from './executor.ts'
import { PostgresFault } from './fault.ts'
import { forgetsAll, mentionsOf, misnamed, noStatement, tooMany } from './mentions.ts'
import type { Bringing, Names } from './names.ts'
import { ownShape } from './position.ts'
import { closeFrame, parseFrame } from './prepared-frames.ts'
import { isOutdatedBy } from './prepared-names.ts'
import { keptName, PreparedStatement } from './prepared-statement.ts'

export interface Received {
  readonly frame: Frame
  readonly message:
    | FrontendMessage
    | { readonly kind: 'unreadable'; readonly error: MalformedMessage }
}

/** A message that may pass. */
export interface Admitted {
  readonly frame: Frame
  readonly message: FrontendMessage
  /** What it names; never looked up again. */
  readonly statement: PreparedStatement | undefined
  /** What its text names: the backend is given it first. */
  readonly brought: readonly Bringing[]
  /** Of an Execute. */
  readonly judged: Judged | undefined
  /** What the gateway itself says to it: no backend sees it. */
  readonly answer: Buffer | undefined
  readonly undo: () => void
}

/** None of these has been sent. */
export function undoAll(admitted: readonly Admitted[]): void {
  for (const { brought, undo } of admitted.toReversed()) {
    undo()
    for (const bringing of brought) bringing.undo('')
  }
}

/** The messages up to the first that may not pass, and why that one may not. */
export interface Admissible {
  readonly admitted: readonly Admitted[]
  readonly refused: Judged | Fault | MalformedMessage | undefined
}

export interface AdmissionFacts {
  readonly names: Names
  readonly maxPrepared: number
  /** Of the texts of all prepared statements. */
  readonly maxBytes: number
  readonly judge: (text: string) => Judged
}

export function admit(received: readonly Received[], facts: AdmissionFacts): Admissible {
  const admitted: Admitted[] = []
  for (const { frame, message } of received) {
    if (message.kind === 'unreadable') return { admitted, refused: message.error }
    const passed = admitOne(frame, message, facts)
    if (!('frame' in passed)) return { admitted, refused: passed }
    admitted.push(passed)
  }
  return { admitted, refused: undefined }
}

function admitOne(
  frame: Frame,
  message: FrontendMessage,
  facts: AdmissionFacts,
): Admitted | Judged | Fault {
  switch (message.kind) {
    case 'parse':
      return admitParse(frame, message, facts)
    case 'bind':
      return admitBind(frame, message, facts.names)
    case 'execute':
      return admitExecute(frame, message, facts)
    case 'describe':
      return admitDescribe(frame, message, facts.names)
    case 'close':
      return admitClose(frame, message, facts.names)
    default:
      return { ...PASSING, frame, message }
  }
}

const nothing = () => undefined
const PASSING = {
  ...{ statement: undefined, brought: [], judged: undefined },
  ...{ answer: undefined, undo: nothing },
}
const PARSE_COMPLETE = encodeBackend({ kind: 'parseComplete' })
const BIND_COMPLETE = encodeBackend({ kind: 'bindComplete' })
const CLOSE_COMPLETE = encodeBackend({ kind: 'closeComplete' })

function admitParse(
  frame: Frame,
  message: FrontendMessage & { kind: 'parse' },
  { names, maxPrepared, maxBytes, judge }: AdmissionFacts,
): Admitted | Judged | Fault {
  const { text, parameterTypes } = message
  const name = keptName(message.statement)
  const judged = judge(text)
  if (judged.verdict.action === 'block') return judged
  const { statements } = judged.analysis
  const wrong = misnamed(statements, { names, maxPrepared })
  if (wrong) return wrong
  const own = ownShape(statements)
  if (own instanceof Error) return own
  if (name !== '' && names.statements.has(name)) return duplicate(name)
  const isFull = names.namedCount >= maxPrepared || names.preparedBytes + text.length > maxBytes
  if (isFull && name !== '') return tooMany(maxPrepared)
  const mentions = mentionsOf(statements)
  const statement = new PreparedStatement(name, text, parameterTypes, {
    ...{ mentions, own, definitions: names.definitions },
  })
  const brought = names.bring(mentions)
  const undo = names.define('statements', name, statement)
  return { ...PASSING, frame, message, statement, brought, answer: own && PARSE_COMPLETE, undo }
}

function admitBind(
  frame: Frame,
  message: FrontendMessage & { kind: 'bind' },
  names: Names,
): Admitted | Fault {
  const statement = names.statements.get(keptName(message.statement))
  if (!statement) return noStatement(message.statement)
  const brought = names.bring(statement.mentions)
  const answer = statement.own && BIND_COMPLETE
  const undo = names.define('portals', message.portal, statement)
  return { ...PASSING, frame, message, statement, brought, answer, undo }
}

function admitExecute(
  frame: Frame,
  message: FrontendMessage & { kind: 'execute' },
  { names, judge }: AdmissionFacts,
): Admitted | Judged | Fault {
  const statement = names.portals.get(message.portal)
  if (!statement) return new PostgresFault('34000', `portal "${message.portal}" does not exist`)
  // Grants may have changed since it was prepared.
  const judged = judge(statement.text)
  if (judged.verdict.action === 'block') return judged
  const brought = names.bring(statement.mentions)
  const [executed] = judged.analysis.statements
  // What comes behind it in the pipeline runs only if it succeeds.
  const undo = executed ? names.follow(executed) : nothing
  return { ...PASSING, frame, message, statement, brought, judged, undo }
}

function admitDescribe(
  frame: Frame,
  message: FrontendMessage & { kind: 'describe' },
  names: Names,
): Admitted | Fault {
  if (message.target === 'portal') {
    const answer = names.portals.get(message.name)?.own?.ofPortal
    return { ...PASSING, frame, message, answer }
  }
  const statement = names.statements.get(keptName(message.name))
  if (!statement) return noStatement(message.name)
  const brought = names.bring(statement.mentions)
  return { ...PASSING, frame, message, statement, brought, answer: statement.own?.ofStatement }
}

function admitClose(
  frame: Frame,
  message: FrontendMessage & { kind: 'close' },
  names: Names,
): Admitted {
  if (message.target === 'portal') {
    // No backend has a portal of the gateway's own.
    const answer = names.portals.get(message.name)?.own && CLOSE_COMPLETE
    return { ...PASSING, frame, message, answer, undo: names.remove('portals', message.name) }
  }
  const name = keptName(message.name)
  const statement = names.statements.get(name)
  return { ...PASSING, frame, message, statement, undo: names.remove('statements', name) }
}

function duplicate(name: string): Fault {
  return new PostgresFault('42P05', `prepared statement "${name}" already exists`)
}

/** Only a Close of a statement is answered without a backend, where that never had the name. */
export function needsExecutor({ message, statement, answer }: Admitted): boolean {
  if (answer) return false
  if (message.kind !== 'close' || message.target !== 'statement') return true
  return statement?.isThereByName === true
}

const REPLIES = {
  parse: [BACKEND.parseComplete],
  bind: [BACKEND.bindComplete],
  close: [BACKEND.closeComplete],
  describe: [BACKEND.rowDescription, BACKEND.noData],
} as const

/** Turns admitted messages into frames for one executor, and notes which answers they will have. */
export class Plan {
  readonly outgoing: Outgoing[] = []
  readonly #executor: Executor | undefined
  readonly #exchange: Exchange
  constructor(executor: Executor | undefined, exchange: Exchange) {
    this.#executor = executor
    this.#exchange = exchange
  }

  add(admitted: Admitted, answerable: Answerable | undefined): void {
    const { message, answer, brought } = admitted
    if (answer) {
      this.#exchange.expect({ kind: 'say', bytes: answer })
      return
    }
    for (const bringing of brought) this.bring(bringing)
    switch (message.kind) {
      case 'parse':
        this.#parse(admitted)
        break
      case 'bind':
        this.#bind(admitted)
        break
      case 'describe':
        this.#describe(admitted, message)
        break
      case 'execute':
        if (answerable) this.#execute(admitted, answerable)
        break
      case 'close':
        this.#close(admitted, message)
        break
      default:
        break
    }
  }

  /** Makes the backend fail as the client is told it did, so that its transaction fails with it. */
  refuse(response: Buffer, refusalPortal: string): void {
    const bytes = encodeFrontend({ kind: 'execute', portal: refusalPortal, maxRows: 0 })
    this.send(bytes, { kind: 'refusal', response })
  }

  /** The backend gets a statement by the client's own name, too: SQL names it. */
  bring({ statement, undo }: Bringing): void {
    const bytes = parseFrame(statement.name, statement)
    this.send(bytes, { ...reply('parse'), isVisible: false, undo })
  }

  send(bytes: Buffer, expected: Expected, judged?: Judged): void {
    this.outgoing.push({ bytes, judged })
    this.#exchange.expect(expected)
  }

  #parse(admitted: Admitted): void {
    const { statement, frame, undo } = admitted
    const prepared = this.#executor?.prepared
    if (!statement || !prepared) return
    if (statement.name === '') {
      prepared.unnamed = statement.key
      const failed = () => {
        prepared.unnamed = undefined
        undo()
      }
      this.send(frame.bytes, { ...reply('parse'), undo: failed })
      return
    }
    // A failed transaction must refuse a Parse; one that is left out would not be refused.
    if (this.#exchange.status === 'failed') prepared.renew(statement.key)
    if (prepared.has(statement.key)) {
      this.#exchange.expect({ kind: 'say', bytes: PARSE_COMPLETE })
    } else this.#prepare(statement, { ...reply('parse'), undo })
  }

  #bind({ statement, frame, undo }: Admitted): void {
    if (!statement) return
    this.#ensure(statement)
    const bytes = statement.name === '' ? frame.bytes : renameBound(frame, statement.nameThere)
    const failed = (errorCode: string) => {
      if (isOutdatedBy(errorCode)) this.#executor?.prepared.outdate(statement.key)
      // It is gone there, whoever took it away.
      if (errorCode === '26000') this.#executor?.prepared.delete(statement.key)
      undo()
    }
    this.send(bytes, { ...reply('bind'), undo: failed })
  }

  #describe({ statement, frame }: Admitted, message: FrontendMessage & { kind: 'describe' }): void {
    if (statement) this.#ensure(statement)
    const isRenamed = statement !== undefined && statement.name !== ''
    const bytes = isRenamed
      ? encodeFrontend({ ...message, name: statement.nameThere })
      : frame.bytes
    const failed = (errorCode: string) => {
      if (isRenamed && isOutdatedBy(errorCode)) this.#executor?.prepared.outdate(statement.key)
    }
    this.send(bytes, { ...reply('describe'), undo: failed })
  }

  #execute({ frame, message, judged, undo }: Admitted, statement: Answerable): void {
    const { masked } = statement
    // What a client knows of the columns already is not asked for again: masking has to know it anew.
    if (masked?.hidesColumns && message.kind === 'execute') {
      const bytes = encodeFrontend({ kind: 'describe', target: 'portal', name: message.portal })
      this.send(bytes, { ...reply('describe'), isVisible: false, masked })
    }
    const forgets = judged?.analysis.statements.some(forgetsAll) === true
    const restore = forgets ? this.#executor?.prepared.clear() : undefined
    const failed = () => {
      undo()
      restore?.()
    }
    this.send(frame.bytes, { kind: 'execute', statement, undo: failed }, judged)
  }

  #close(admitted: Admitted, message: FrontendMessage & { kind: 'close' }): void {
    const { frame, undo, statement } = admitted
    if (message.target === 'portal' || statement?.isThereByName) {
      const bytes = statement ? closeFrame(statement.name) : frame.bytes
      this.send(bytes, { ...reply('close'), undo })
      return
    }
    // The backend keeps what it has by our name: other sessions may share it.
    this.#exchange.expect({ kind: 'say', bytes: CLOSE_COMPLETE })
  }

  /** This backend connection may never have seen the statement. */
  #ensure(statement: PreparedStatement): void {
    const prepared = this.#executor?.prepared
    if (!prepared || statement.origin === 'sql') return
    if (statement.name !== '') {
      if (!prepared.has(statement.key))
        this.#prepare(statement, { ...reply('parse'), isVisible: false })
      return
    }
    if (prepared.unnamed === statement.key) return
    prepared.unnamed = statement.key
    const failed = () => {
      prepared.unnamed = undefined
    }
    this.send(parseFrame('', statement), { ...reply('parse'), isVisible: false, undo: failed })
  }

  #prepare(statement: PreparedStatement, expected: Expected & { kind: 'reply' }): void {
    const prepared = this.#executor?.prepared
    if (!prepared) return
    for (const key of prepared.enter(statement.key)) this.#closeThere(key)
    const failed = (errorCode: string) => {
      prepared.delete(statement.key)
      if (errorCode === '42P05') prepared.leaveOutdated(statement.key)
      expected.undo?.(errorCode)
    }
    this.send(parseFrame(statement.key, statement), { ...expected, undo: failed })
  }

  #closeThere(key: string): void {
    const skipped = () => this.#executor?.prepared.leaveOutdated(key)
    this.send(closeFrame(key), { ...reply('close'), isVisible: false, undo: skipped })
  }
}

function reply(kind: keyof typeof REPLIES): Expected & { kind: 'reply' } {
  return { kind: 'reply', codes: REPLIES[kind], isVisible: true }
}

/** Up to where a request goes. */
export const SYNC = encodeFrontend({ kind: 'sync' })
export const FLUSH = encodeFrontend({ kind: 'flush' })
