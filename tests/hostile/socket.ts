// Plain bytes over a plain socket, and what comes back until the other side has had enough.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { strangeAddress } from './assault.ts'

const PATIENCE_MS = 15_000

export async function openSocket(port: number, localAddress = strangeAddress()): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, localAddress, noDelay: true })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Everything it says until it closes; an error where it never does. */
export async function lastWords(socket: Socket, patienceMs = PATIENCE_MS): Promise<Buffer> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const waiting = new AbortController()
  const isLate = sleep(patienceMs, true, { signal: waiting.signal }).catch(() => false)
  const isOpen = await Promise.race([isLate, closing(socket)])
  waiting.abort()
  socket.destroy()
  if (isOpen) throw new Error(`still open after ${patienceMs} ms`)
  return Buffer.concat(chunks)
}

function closing(socket: Socket): Promise<false> {
  return new Promise((resolve) => {
    if (socket.closed) resolve(false)
    else socket.once('close', () => resolve(false))
  })
}

/** Says all of it and listens; the own side stays open, so it is the door that must close. */
export async function say(port: number, bytes: Buffer): Promise<Buffer> {
  const socket = await openSocket(port)
  socket.write(bytes)
  return lastWords(socket)
}

/** Byte by byte, as long as the door bears it. */
export async function drip(port: number, bytes: Buffer, everyMs: number): Promise<Buffer> {
  const socket = await openSocket(port)
  const words = lastWords(socket)
  for (const byte of bytes) {
    if (socket.closed || socket.destroyed) break
    socket.write(Buffer.of(byte))
    await sleep(everyMs)
  }
  return words
}

/** Writes up to so many megabytes while the door takes them; gives how many it took. */
export async function flood(socket: Socket, megabytes: number): Promise<number> {
  const chunk = Buffer.alloc(1_048_576, 0x20)
  let taken = 0
  while (taken < megabytes && !socket.destroyed) {
    const isRoom = socket.write(chunk) || (await hasRoom(socket))
    if (!isRoom) break
    taken += 1
  }
  return taken
}

async function hasRoom(socket: Socket): Promise<boolean> {
  const signal = AbortSignal.timeout(3_000)
  const drained = once(socket, 'drain', { signal }).then(
    () => true,
    () => false,
  )
  return Promise.race([drained, closing(socket)])
}
