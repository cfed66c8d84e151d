// One run of an approved file, as a client of the gateway's door: statement by statement, to the first error.
import type { Engine, SqlFileRun } from '@articdbm/contract'
import type { DoorConnection } from '../console/door.ts'
import { DoorError } from '../console/door-error.ts'
import type { Part } from '../console/split.ts'

export interface Execution {
  readonly engine: Engine
  readonly parts: readonly Part[]
  readonly isTransaction: boolean
  readonly open: () => Promise<DoorConnection>
  /** So many statements are through. */
  readonly told: (done: number) => Promise<void>
  /** Aborted with a StopReason. */
  readonly signal: AbortSignal
}

export interface Outcome {
  readonly state: Exclude<SqlFileRun['state'], 'running'>
  readonly error: string
}

export type StopReason = 'cancelled' | 'interrupted'

const CANCEL_EVERY_MS = 500

/** Never rejects: what went wrong is the outcome. */
export async function execute(execution: Execution): Promise<Outcome> {
  const progress: Progress = { doing: 'opening the door', isCommitting: false }
  let connection: DoorConnection | undefined
  let silence: () => void = () => undefined
  try {
    execution.signal.throwIfAborted()
    connection = await execution.open()
    silence = cancelOnAbort(connection, execution.signal)
    await executeAll(execution, connection, progress)
    return { state: 'done', error: '' }
  } catch (error) {
    return outcomeOf(error, execution.signal, progress)
  } finally {
    silence()
    // What isn't committed is rolled back by the server when the connection goes.
    await connection?.close().catch(() => undefined)
  }
}

interface Progress {
  doing: string
  isCommitting: boolean
}

async function executeAll(
  { engine, parts, isTransaction, told, signal }: Execution,
  connection: DoorConnection,
  progress: Progress,
): Promise<void> {
  if (isTransaction) await one(connection, isMysql(engine) ? 'START TRANSACTION' : 'BEGIN')
  for (const [index, { sql }] of parts.entries()) {
    signal.throwIfAborted()
    progress.doing = `statement ${index + 1} of ${parts.length}`
    await one(connection, sql)
    await told(index + 1)
  }
  signal.throwIfAborted()
  if (isTransaction) {
    progress.doing = 'COMMIT'
    progress.isCommitting = true
    await one(connection, 'COMMIT')
    return
  }
  const left = connection.transaction()
  if (left === 'active' || left === 'failed') {
    throw new DoorError('the file left a transaction open: it was rolled back', {})
  }
}

function isMysql(engine: Engine): boolean {
  return engine !== 'postgres' && engine !== 'sqlite'
}

/** Rows of an answer are of no interest, and not kept. */
async function one(connection: DoorConnection, sql: string): Promise<void> {
  for await (const _piece of connection.execute({ sql, parameters: undefined, pageRows: 500 })) {
    // Read to its end: only then has the statement succeeded.
  }
}

/** A cancel that meets a server between two messages is lost: so it is repeated until the run has ended. */
function cancelOnAbort(connection: DoorConnection, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined
  const cancel = (): void => {
    connection.cancel().catch(() => undefined)
  }
  const begin = (): void => {
    cancel()
    timer = setInterval(cancel, CANCEL_EVERY_MS)
  }
  signal.addEventListener('abort', begin, { once: true })
  if (signal.aborted) begin()
  return () => {
    signal.removeEventListener('abort', begin)
    clearInterval(timer)
  }
}

function outcomeOf(error: unknown, signal: AbortSignal, progress: Progress): Outcome {
  const said = error instanceof Error ? error.message : 'failed'
  const isLost = !(error instanceof DoorError) || error.isFatal
  if (progress.isCommitting && (isLost || signal.aborted)) {
    return { state: 'interrupted', error: `at COMMIT, whether it took effect isn't known: ${said}` }
  }
  if (signal.aborted) {
    return { state: signal.reason as StopReason, error: `stopped at ${progress.doing}` }
  }
  if (error instanceof DoorError && isLost && progress.doing.startsWith('statement')) {
    return { state: 'interrupted', error: `the connection was lost at ${progress.doing}: ${said}` }
  }
  return { state: 'failed', error: `${progress.doing}: ${said}` }
}
