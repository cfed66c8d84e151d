import { connect } from 'node:net'
import type { Backend } from '@articdbm/contract'

/** Codes of a network that answered, if only to say no: whoever waits on an old connection is told by it, too. */
const TOLD = new Set(['ECONNREFUSED', 'ECONNRESET'])

/** Whether anything at all comes back from where the backend is: its machine answers even while it is too busy itself. */
export function isThere({ host, port }: Backend, timeoutMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    const timer = setTimeout(() => settle(false), timeoutMs)
    const settle = (isThere: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', () => settle(true))
    socket.on('error', ({ code }: NodeJS.ErrnoException) => settle(TOLD.has(code ?? '')))
  })
}
