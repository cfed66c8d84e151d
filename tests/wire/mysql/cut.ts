import { connect, createServer, type Socket } from 'node:net'

/** Stands between the gateway and its backend, and can cut every connection, or bring other bytes. */
export interface Cut {
  readonly port: number
  cutAll(): void
  close(): Promise<void>
}

export async function startCut(host: string, port: number): Promise<Cut> {
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    const backend = connect(port, host)
    for (const socket of [client, backend]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => {
        client.destroy()
        backend.destroy()
        sockets.delete(socket)
      })
    }
    client.pipe(backend)
    backend.pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const cutAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (server.address() as { port: number }).port,
    cutAll,
    close: () => {
      cutAll()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}
