import { connect as connectSocket, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Backend } from '@articdbm/contract'
import { encodeStartup } from '@articdbm/wire/postgres'
import { SOCKET_OPTIONS } from '../../pool/socket-options.ts'

/** A socket to a backend, encrypted as its TLS mode wants. Rejects with a reason for people. */
export async function connect(backend: Backend, signal: AbortSignal): Promise<Socket> {
  const socket = await open(backend, signal)
  if (backend.tls === 'disable') return socket
  const hasTls = (await askForTls(socket, signal)) === 'S'
  if (hasTls) return await encrypt(socket, backend, signal)
  if (backend.tls === 'prefer') return socket
  socket.destroy()
  throw new Error('it does not offer TLS, which this backend requires')
}

function open(backend: Backend, signal: AbortSignal): Promise<Socket> {
  const socket = connectSocket({
    host: backend.host,
    port: backend.port,
    ...SOCKET_OPTIONS,
  })
  return settled(socket, signal, 'connect', () => socket)
}

function askForTls(socket: Socket, signal: AbortSignal): Promise<string> {
  socket.write(encodeStartup({ kind: 'sslRequest' }))
  return settled(socket, signal, 'readable', () => {
    const answer: Buffer | null = socket.read()
    // More than one byte was not encrypted by the backend (CVE-2021-23222).
    if (answer?.length !== 1) throw new Error('it answered the TLS request with nonsense')
    return answer.toString('latin1')
  })
}

function encrypt(socket: Socket, backend: Backend, signal: AbortSignal): Promise<Socket> {
  const encrypted = connectTls({
    socket,
    ...(isIP(backend.host) ? { host: backend.host } : { servername: backend.host }),
    rejectUnauthorized: backend.tls === 'verify',
    minVersion: 'TLSv1.2',
  })
  return settled(encrypted, signal, 'secureConnect', () => encrypted)
}

/** What `finish` gives once the event came; an error, the end or the signal destroys the socket and rejects. */
function settled<T>(
  socket: Socket,
  signal: AbortSignal,
  event: string,
  finish: () => T,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (reason: unknown) => {
      cleanUp()
      socket.on('error', () => undefined)
      socket.destroy()
      reject(reason instanceof Error ? reason : new Error('it closed the connection'))
    }
    const abort = () => fail(new Error('it did not answer in time'))
    const succeed = () => {
      cleanUp()
      try {
        resolve(finish())
      } catch (error) {
        fail(error)
      }
    }
    const cleanUp = () => {
      socket.off(event, succeed).off('error', fail).off('close', fail)
      signal.removeEventListener('abort', abort)
    }
    socket.once(event, succeed).once('error', fail).once('close', fail)
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
  })
}
