import { setTimeout as sleep } from 'node:timers/promises'
import type { Base } from '../base.ts'
import { currentRevision } from '../store/index.ts'
import { compileSnapshot } from './store.ts'

export interface Published {
  readonly revision: number
  /** The snapshot as JSON: it is sent to many gateways as it is. */
  readonly json: string
}

export interface Publisher {
  /** The newest revision that this process knows of. */
  readonly revision: () => number
  /** Resolves with a snapshot newer than `revision`, or with undefined when the signal aborts first. */
  newerThan(revision: number, signal: AbortSignal): Promise<Published | undefined>
  /** Looks into the store now: a change was just committed here. */
  refresh(): Promise<number>
  /** Looks every second, too: another manager on the same store may have changed something. */
  follow(signal: AbortSignal): Promise<void>
}

const LOOK_EVERY_MS = 1_000

export function createPublisher(base: Base, onForeignChange: () => void): Publisher {
  const waiting = new Set<() => void>()
  let revision = -1
  let published: Promise<Published> | undefined
  let publishedRevision = -1

  async function refresh(): Promise<number> {
    const newest = await base.store.read((db) => currentRevision(db))
    if (newest > revision) {
      revision = newest
      for (const wake of [...waiting]) wake()
    }
    return revision
  }

  /** Compiled once a revision, however many gateways ask. */
  function compile(): Promise<Published> {
    if (published && publishedRevision >= revision) return published
    publishedRevision = revision
    published = compileNow(base)
    published.catch(() => {
      publishedRevision = -1
    })
    return published
  }

  async function newerThan(after: number, signal: AbortSignal): Promise<Published | undefined> {
    if (revision < 0) await refresh()
    while (revision <= after) {
      if (signal.aborted) return undefined
      await nextWake(waiting, signal)
    }
    return compile()
  }

  async function follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const before = revision
      await refresh()
        .then((after) => {
          if (before >= 0 && after > before) onForeignChange()
        })
        .catch((fault) => base.log.warn({ err: fault }, 'the revision could not be read'))
      await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    }
  }

  return { revision: () => revision, newerThan, refresh, follow }
}

async function compileNow(base: Base): Promise<Published> {
  const now = base.now().toISOString()
  const snapshot = await base.store.transaction((tx) => compileSnapshot(tx, now), {
    isIdempotent: true,
  })
  return { revision: snapshot.revision, json: JSON.stringify(snapshot) }
}

function nextWake(waiting: Set<() => void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      waiting.delete(wake)
      signal.removeEventListener('abort', wake)
      resolve()
    }
    waiting.add(wake)
    signal.addEventListener('abort', wake, { once: true })
  })
}
