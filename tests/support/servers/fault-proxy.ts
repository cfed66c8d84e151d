import { connect, createServer, type Server, type Socket } from 'node:net'
import { HOST } from './server.ts'

/** What happens to connections: they pass, are refused, get stuck so that nothing passes any more, or a reset comes for an answer. */
type FaultMode = 'pass' | 'refuse' | 'stuck' | 'reset-answers'

/** Stands before a server on the loopback interface and makes the faults that a network makes. */
export class FaultProxy {
  readonly host = HOST
  mode: FaultMode = 'pass'
  /** Each stretch towards the server arrives this much later. */
  delayMs = 0
  readonly #target: { readonly host: string; readonly port: number }
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target
    this.#server = createServer((client) => this.#accept(client))
  }

  static async before(target: {
    readonly host: string
    readonly port: number
  }): Promise<FaultProxy> {
    const proxy = new FaultProxy(target)
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject)
      proxy.#server.listen(0, HOST, resolve)
    })
    return proxy
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' ? (address?.port ?? 0) : 0
  }

  /** Every connection ends by a reset, whatever is under way. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #accept(client: Socket): void {
    if (this.mode === 'refuse') {
      client.resetAndDestroy()
      return
    }
    const server = connect({ ...this.#target, noDelay: true })
    client.setNoDelay(true)
    this.#join(client, server, () => this.delayMs)
    this.#join(server, client, () => 0)
    server.prependListener('data', () => {
      if (this.mode === 'reset-answers') client.resetAndDestroy()
    })
  }

  #join(from: Socket, to: Socket, delayMs: () => number): void {
    this.#sockets.add(from)
    from.on('data', (chunk) => {
      if (this.mode === 'stuck') return
      const pass = () => void (to.writable && to.write(chunk))
      if (delayMs() === 0) pass()
      else setTimeout(pass, delayMs())
    })
    from.on('error', () => undefined)
    from.on('close', () => {
      this.#sockets.delete(from)
      to.destroy()
    })
  }
}
