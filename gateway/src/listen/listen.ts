// Accepts sockets for one door, counts them, and stops when the gateway drains.
import { createServer, type Server, type Socket } from 'node:net'
import type { WireDoor } from '../gateway.ts'
import { addressBehindProxy, peerAddress, type TrustedProxies } from './real-address.ts'

const BACKLOG = 1024
const KEEP_ALIVE_MS = 60_000

export interface ListenOptions {
  readonly host: string
  readonly port: number
  readonly maxSessions: number
  readonly door: WireDoor
  /** From these a PROXY header comes first, within the time-out. */
  readonly proxies?: { readonly from: TrustedProxies; readonly timeoutMs: number }
}

export interface Listener {
  /** The port in use; another than asked for when that was 0. */
  readonly port: number
  readonly sessions: number
  /** No new sessions; resolves when the last one is over. */
  close(): Promise<void>
  /** Ends what is left at once. */
  destroy(): void
}

export async function listen(options: ListenOptions): Promise<Listener> {
  const sockets = new Set<Socket>()
  const server = createServer({
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  })
  server.maxConnections = options.maxSessions
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    // Whatever goes wrong on a socket ends its session there; here it must only not end the process.
    socket.on('error', () => socket.destroy())
    void serve(socket, options)
  })
  await open(server, options)
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : options.port,
    get sessions() {
      return sockets.size
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
    destroy: () => {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function open(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function serve(socket: Socket, { door, proxies }: ListenOptions): Promise<void> {
  const peer = peerAddress(socket)
  // Not awaited here: nothing of this function is kept for as long as the session lasts.
  if (!proxies?.from.has(peer)) return door.serve(socket, peer)
  const address = await addressBehindProxy(socket, proxies.timeoutMs)
  return address === undefined ? undefined : door.serve(socket, address)
}
