import { connect, type Socket } from 'node:net'
import { BackendUnavailable } from '@articdbm/contract'
import type { Dialer, DialTarget } from '../../pool/pools.ts'
import { SOCKET_OPTIONS } from '../../pool/socket-options.ts'
import { PacketChannel } from '../channel.ts'
import { MysqlBackend } from './connection.ts'
import { type LogInOptions, logIn } from './log-in.ts'

const LOGIN_TIMEOUT_MS = 10_000
const MAX_LOGIN_BYTES = 1 << 20

/** For clients that count found rows and for those that count changed ones there are connections of their own. */
export function backendDialer(
  countsFoundRows: LogInOptions['countsFoundRows'],
): Dialer<MysqlBackend> {
  return async (target, signal) => {
    try {
      return await dial({ target, countsFoundRows }, signal)
    } catch (error) {
      throw unavailable(target, error)
    }
  }
}

function unavailable(target: DialTarget, error: unknown): BackendUnavailable {
  const { host, port } = target.backend
  const why = error instanceof Error ? error.message : String(error)
  return new BackendUnavailable(target.database.name, `${host}:${port}: ${why}`)
}

async function dial(options: LogInOptions, signal: AbortSignal): Promise<MysqlBackend> {
  const { socket, threadId } = await open(options, signal)
  const connection = new MysqlBackend(socket, {
    cancel: () => killQuery(options, threadId),
    schema: options.target.database.target,
  })
  const abort = () => connection.close()
  signal.addEventListener('abort', abort, { once: true })
  try {
    await connection.setUp()
    return connection
  } catch (error) {
    connection.close()
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

/** KILL QUERY goes over a connection of its own: the other one is busy with what is to be killed. */
async function killQuery(options: LogInOptions, threadId: number): Promise<void> {
  const { socket } = await open(options, AbortSignal.timeout(LOGIN_TIMEOUT_MS))
  const { target } = options.target.database
  const connection = new MysqlBackend(socket, { cancel: () => Promise.resolve(), schema: target })
  const timer = setTimeout(() => connection.close(), LOGIN_TIMEOUT_MS)
  try {
    await connection.execute(`KILL QUERY ${threadId}`)
  } finally {
    clearTimeout(timer)
    connection.close()
  }
}

async function open(options: LogInOptions, signal: AbortSignal) {
  const { host, port } = options.target.backend
  const socket = await reach(host, port, signal)
  const channel = new PacketChannel(socket, {
    stallTimeoutMs: LOGIN_TIMEOUT_MS,
    maxPayloadBytes: MAX_LOGIN_BYTES,
  })
  const abort = () => channel.close()
  signal.addEventListener('abort', abort, { once: true })
  try {
    const greeting = await logIn(channel, options)
    return { socket: channel.release(), threadId: greeting.connectionId }
  } catch (error) {
    channel.close()
    throw signal.aborted ? new Error('it did not answer in time') : error
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function reach(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, ...SOCKET_OPTIONS })
    const abort = () => socket.destroy(new Error('it did not answer in time'))
    signal.addEventListener('abort', abort, { once: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      signal.removeEventListener('abort', abort)
      resolve(socket)
    })
  })
}
