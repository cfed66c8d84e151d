import { Socket } from 'node:net'

/** The network between the gateway and a backend. */
export interface Wire {
  /** What has come from the backend so far. */
  readonly bytesRead: number
  /**
   * Ends it without a word, and throws away what the network hasn't taken: a connection that was closed is still
   * delivered once the network is there again, and a statement on it executed.
   */
  sever(): void
}

export function wireOf(socket: Socket): Wire {
  return {
    get bytesRead() {
      return socket.bytesRead
    },
    sever: () => {
      socket.on('error', () => undefined)
      plainOf(socket).resetAndDestroy()
      socket.destroy()
    },
  }
}

/** TLS has the socket that it was put upon; an internal, so it is looked for before it is used. */
function plainOf(socket: Socket): Socket {
  const under: unknown = '_parent' in socket ? socket._parent : undefined
  return under instanceof Socket ? under : socket
}
