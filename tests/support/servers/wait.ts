import { setTimeout as sleep } from 'node:timers/promises'
import type { Child } from './child.ts'

/** Tries until the server answers; gives up early when it has died. */
export async function untilReady(
  name: string,
  child: Child,
  probe: () => Promise<void>,
): Promise<void> {
  const giveUpAt = Date.now() + 90_000
  for (;;) {
    try {
      return await probe()
    } catch (fault) {
      if (!child.isAlive()) throw new Error(`${name} ended at start:\n${child.output()}`)
      if (Date.now() > giveUpAt) {
        throw new Error(`${name} was not ready in time: ${fault}\n${child.output()}`)
      }
      await sleep(50)
    }
  }
}

const ATTEMPTS = 3

/** Another process may take the port between the look and the bind: then once more on another one. */
export async function withRetries<T>(start: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start()
    } catch (fault) {
      if (attempt === ATTEMPTS || !/in use|bind|Address/i.test(`${fault}`)) throw fault
    }
  }
}
