import type { Statement } from '@articdbm/sql'
import type { Encoding, Err, PlainCommand, StatementCommand } from '@articdbm/wire/mysql'
import type { Gateway, SessionFacts } from '../../gateway.ts'
import type { PacketChannel, ShortCut } from '../channel.ts'
import type { Reply } from '../reply.ts'

type CommandOf<Kind extends PlainCommand['kind']> = Extract<PlainCommand, { kind: Kind }>

/** What the executor of a database needs of its session. */
export interface SessionSide {
  readonly gateway: Gateway
  readonly facts: SessionFacts
  readonly channel: PacketChannel
  /** Aborts when the client is gone. */
  readonly signal: AbortSignal
  readonly connectionId: number
  readonly serverVersion: string
  /** The statement that sets what the client speaks. */
  readonly charset: string
  /** What its texts are written in. */
  readonly encoding: Encoding
  readonly countsFoundRows: boolean
  /** The client would send a file of its own, if it were asked to. */
  readonly offersFiles: boolean
  /** CLIENT_QUERY_ATTRIBUTES: they follow the parameters of a COM_STMT_EXECUTE. */
  readonly saysAttributes: boolean
  readonly mayMultiStatements: boolean
  /** A command that took the short cut is over. */
  answered(): void
  /** USE, once it was judged and recorded. */
  use(database: string): Promise<void>
  /** KILL, once it was judged and recorded. */
  kill(connectionId: number, isQueryOnly: boolean): Promise<void>
  readText(bytes: Buffer): string
  /** The same where these very bytes go to the backend: a `_binary` string may hold any. */
  readStatement(bytes: Buffer): string
  /** What the client's texts are written in from now on. */
  speak(encoding: Encoding): void
}

/** How one engine executes what a session asks. Each throws a Fault where the client is to be refused. */
export interface Executor {
  readonly isInTransaction: boolean
  /** Past the session, for plain short reads; undefined where there is none. */
  readonly shortCut?: ShortCut
  /** Server status flags between requests. */
  readonly status: number
  query(command: CommandOf<'query'>, reply: Reply): Promise<void>
  prepare(command: CommandOf<'prepare'>, reply: Reply): Promise<void>
  execute(command: CommandOf<'execute'>, reply: Reply): Promise<void>
  fetch(command: CommandOf<'fetch'>, reply: Reply): Promise<void>
  resetStatement(command: CommandOf<'reset'>, reply: Reply): Promise<void>
  fieldList(command: CommandOf<'field list'>, reply: Reply): Promise<void>
  /** A SET of plain values that the client said before it chose this database, and has its OK for. */
  adopt(text: string): Promise<void>
  /** These two have no answer. */
  longData(command: CommandOf<'long data'>): void
  closeStatement(command: CommandOf<'close'>): Promise<void>
  /** COM_RESET_CONNECTION, COM_CHANGE_USER, and the end: statements, transaction and settings are gone. */
  reset(): Promise<void>
  /** The client was told no: SHOW WARNINGS is going to tell it again. */
  noteRefusal(refusal: Err): void
  /** Ends the statement under way, if there is one. */
  cancel(): Promise<void>
  /** The client is gone: as `cancel`, and nothing waits for the backend to heed it. */
  abandon(): Promise<void>
}

export type { CommandOf }

export async function executeCommand(
  executor: Executor,
  command: StatementCommand,
  reply: Reply,
): Promise<void> {
  switch (command.kind) {
    case 'query':
      return executor.query(command, reply)
    case 'prepare':
      return executor.prepare(command, reply)
    case 'execute':
      return executor.execute(command, reply)
    case 'fetch':
      return executor.fetch(command, reply)
    case 'reset':
      return executor.resetStatement(command, reply)
    case 'field list':
      return executor.fieldList(command, reply)
    case 'long data':
      executor.longData(command)
      return
    case 'close':
      return executor.closeStatement(command)
  }
}

/** USE or KILL, which the session itself carries out. */
export async function carryOut(
  statements: readonly Statement[],
  session: SessionSide,
): Promise<'carried out' | 'for the backend'> {
  for (const effect of statements.flatMap((statement) => statement.session)) {
    if (effect.kind === 'use') {
      await session.use(effect.database)
      return 'carried out'
    }
    if (effect.kind === 'kill' && effect.target !== undefined) {
      await session.kill(effect.target, effect.isQueryOnly)
      return 'carried out'
    }
  }
  return 'for the backend'
}
