import type { ConsoleMessage, ConsoleRequest } from '@articdbm/contract'
import { socketUrl } from './live.ts'

type Run = Extract<ConsoleRequest, { readonly type: 'run' }>
type Failure = Extract<ConsoleMessage, { readonly type: 'error' }>

export interface ConsoleLink {
  readonly send: (request: ConsoleRequest) => void
  readonly close: () => void
}

/** What ends a run when the socket does: nothing more will come for it. */
export function lostRun(id: string): Failure {
  return {
    type: 'error',
    id,
    index: 0,
    code: 'connection_lost',
    message: 'The connection to the manager was lost. What was sent may still have been executed.',
    position: null,
    hint: 'Look at the audit to see how it ended, then run it again.',
    rule: '',
    verdictId: '',
  }
}

/** One socket to the console, opened by the first request and again after it was lost. */
export function linkConsole(onMessage: (message: ConsoleMessage) => void): ConsoleLink {
  const running = new Set<string>()
  let socket: WebSocket | undefined

  function open(): WebSocket {
    const opened = new WebSocket(socketUrl('/api/v1/console'))
    opened.onmessage = ({ data: text }) => {
      const message = JSON.parse(String(text)) as ConsoleMessage
      if (message.type === 'finished') running.delete(message.id)
      onMessage(message)
    }
    opened.onclose = () => {
      if (socket === opened) socket = undefined
      for (const id of running) onMessage(lostRun(id))
      running.clear()
    }
    return opened
  }

  return {
    send(request) {
      const isUsable = socket !== undefined && socket.readyState <= WebSocket.OPEN
      // Without a socket there is nothing to cancel or close on the server.
      if (!isUsable && request.type !== 'run') return
      if (request.type === 'run') running.add((request satisfies Run).id)
      if (!isUsable) socket = open()
      if (socket) sendWhenOpen(socket, JSON.stringify(request))
    },
    close() {
      running.clear()
      socket?.close()
      socket = undefined
    },
  }
}

function sendWhenOpen(socket: WebSocket, text: string): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(text)
  else socket.addEventListener('open', () => socket.send(text), { once: true })
}
