import type { LiveEvent } from '@articdbm/contract'
import { useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react'
import { followLive, type LiveState } from './live.ts'

export type Traffic = Extract<LiveEvent, { readonly type: 'traffic' }>
type Listener = (event: LiveEvent) => void

interface Live {
  readonly state: LiveState
  /** One point a second, oldest first, at most five minutes. */
  readonly traffic: readonly Traffic[]
  readonly listen: (listener: Listener) => () => void
}

const MAX_POINTS = 300
const LiveContext = createContext<Live | undefined>(undefined)

function useLive(): Live {
  const live = use(LiveContext)
  if (!live) throw new Error('LiveProvider is missing above')
  return live
}

export const useLiveState = (): LiveState => useLive().state
export const useTraffic = (): readonly Traffic[] => useLive().traffic

/** Calls `listener` with each live event while the component is shown. */
export function useLiveEvents(listener: Listener): void {
  const { listen } = useLive()
  const latest = useEffectEvent(listener)
  useEffect(() => listen((event) => latest(event)), [listen])
}

/** One socket for the whole application; what changed on the server is fetched again here. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const queries = useQueryClient()
  const [state, setState] = useState<LiveState>('connecting')
  const [traffic, setTraffic] = useState<readonly Traffic[]>([])
  const listeners = useRef(new Set<Listener>())
  const [listen] = useState(() => (listener: Listener) => {
    listeners.current.add(listener)
    return () => void listeners.current.delete(listener)
  })

  useEffect(
    () =>
      followLive({
        onState: setState,
        onEvent: (event) => {
          for (const listener of listeners.current) listener(event)
          if (event.type === 'traffic')
            setTraffic((points) => [...points, event].slice(-MAX_POINTS))
          if (event.type === 'changed') {
            void queries.invalidateQueries({ queryKey: [event.what] })
            void queries.invalidateQueries({ queryKey: ['status'] })
          }
        },
      }),
    [queries],
  )
  return <LiveContext value={{ state, traffic, listen }}>{children}</LiveContext>
}
