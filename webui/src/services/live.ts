import type { LiveEvent } from '@articdbm/contract'

export type LiveState = 'connecting' | 'open' | 'lost'

export interface LiveFeed {
  readonly onEvent: (event: LiveEvent) => void
  readonly onState: (state: LiveState) => void
}

const FIRST_RETRY_MS = 500
const LAST_RETRY_MS = 15_000

/** Follows the manager's live events until closed; a lost socket is opened again, ever more patiently. */
export function followLive({ onEvent, onState }: LiveFeed): () => void {
  const ended = new AbortController()
  let socket: WebSocket | undefined
  let retryMs = FIRST_RETRY_MS

  function open(): void {
    if (ended.signal.aborted) return
    onState('connecting')
    socket = new WebSocket(socketUrl('/api/v1/live'))
    socket.onopen = () => {
      retryMs = FIRST_RETRY_MS
      onState('open')
    }
    socket.onmessage = (message) => {
      const event = readEvent(message.data)
      if (event) onEvent(event)
    }
    socket.onclose = reopen
  }

  function reopen(): void {
    if (ended.signal.aborted) return
    onState('lost')
    setTimeout(open, retryMs)
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
  }

  open()
  return () => {
    ended.abort()
    socket?.close()
  }
}

export function socketUrl(path: string): string {
  const { protocol, host } = window.location
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${path}`
}

const TYPES: readonly string[] = [
  'audit.recorded',
  'traffic',
  'changed',
] satisfies LiveEvent['type'][]

// The manager validated it; a page only has to survive a newer manager's events.
function readEvent(text: unknown): LiveEvent | undefined {
  if (typeof text !== 'string') return undefined
  const event: unknown = JSON.parse(text)
  const isKnown =
    typeof event === 'object' &&
    event !== null &&
    'type' in event &&
    TYPES.includes(String(event.type))
  return isKnown ? (event as LiveEvent) : undefined
}
