import type { ConsoleMessage } from '@articdbm/contract'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { type ConsoleLink, linkConsole } from '../../services/console.ts'
import { newId } from '../../services/id.ts'
import { advance, asCancelling, askMore, type Run, startRun } from './run.ts'

export interface Order {
  readonly tab: string
  readonly database: string
  readonly sql: string
  readonly offset: number
  readonly pageRows: number
}

export interface Runs {
  /** By tab: the newest run of each. */
  readonly runs: Readonly<Record<string, Run>>
  readonly start: (order: Order) => void
  readonly more: (tab: string, index: number) => void
  readonly cancel: (tab: string) => void
  readonly forget: (tab: string) => void
}

/** The runs of all tabs over one socket, which closes with the page: an open transaction rolls back then. */
export function useRuns(): Runs {
  const [runs, setRuns] = useState<Readonly<Record<string, Run>>>({})
  const link = useRef<ConsoleLink>(null)

  const queued = useRef(new Map<string, Order>())

  const change = (tab: string, next: (run: Run) => Run) =>
    setRuns((kept) => (kept[tab] ? { ...kept, [tab]: next(kept[tab]) } : kept))

  function begin({ tab, database, sql, offset, pageRows }: Order): void {
    const id = newId()
    setRuns((kept) => ({ ...kept, [tab]: startRun({ id, startedAt: Date.now(), offset }) }))
    link.current?.send({ type: 'run', id, tab, database, sql, pageRows })
  }

  const take = useEffectEvent((message: ConsoleMessage) => {
    setRuns((kept) => advanceAll(kept, message))
    if (message.type !== 'finished' && message.type !== 'error') return
    if (message.type === 'error' && message.code !== 'connection_lost') return
    const tab = Object.keys(runs).find((each) => runs[each]?.id === message.id)
    const order = tab && queued.current.get(tab)
    if (!order) return
    queued.current.delete(tab)
    begin(order)
  })

  useEffect(() => {
    const opened = linkConsole((message) => take(message))
    link.current = opened
    return () => {
      opened.close()
      link.current = null
    }
  }, [])

  function cancel(tab: string): void {
    const run = runs[tab]
    if (!run) return
    change(tab, asCancelling)
    link.current?.send({ type: 'cancel', id: run.id })
  }

  return {
    runs,
    start(order) {
      const before = runs[order.tab]
      if (!before || before.state === 'finished') return begin(order)
      // One that waits with rows gives the tab's connection back first.
      queued.current.set(order.tab, order)
      cancel(order.tab)
    },
    more(tab, index) {
      const run = runs[tab]
      if (!run) return
      change(tab, (kept) => askMore(kept, index))
      link.current?.send({ type: 'more', id: run.id })
    },
    cancel,
    forget(tab) {
      queued.current.delete(tab)
      link.current?.send({ type: 'close', tab })
      setRuns(({ [tab]: _, ...kept }) => kept)
    },
  }
}

type AllRuns = Readonly<Record<string, Run>>

function advanceAll(runs: AllRuns, message: ConsoleMessage): AllRuns {
  if (message.type === 'ready') return runs
  const found = Object.entries(runs).find(([, run]) => run.id === message.id)
  if (!found) return runs
  const [tab, run] = found
  return { ...runs, [tab]: advance(run, message) }
}
