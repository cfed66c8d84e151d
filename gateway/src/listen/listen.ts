// Accepts sockets for one door, counts them, and stops when the gateway drains.
import { createServer, type Server, type Socket } from 'node:net'
import type { WireDoor } from '../gateway.ts'

const BACKLOG = 1024
const KEEP_ALIVE_MS = 60_000

export interface ListenOptions {
  readonly host: string
  readonly port: number
  readonly maxSessions: number
  readonly door: WireDoor
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
    void options.door.serve(socket, realAddress(socket))
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

/** IPv4 addresses that came through an IPv6 socket are shown as IPv4. */
function realAddress(socket: Socket): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
}
