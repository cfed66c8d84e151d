import { setTimeout as sleep } from 'node:timers/promises'
import { CommitUnknown, Conflict, StoreUnavailable } from './faults.ts'
import type { RetryLimits } from './store-config.ts'

const CONFLICT_PAUSE_MS = 15
const UNAVAILABLE_PAUSE_MS = 200

/** Repeats work that failed for a passing reason, with growing, jittered pauses. */
export async function withRetries<T>(
  limits: RetryLimits,
  work: () => Promise<T>,
  mayRepeat: (fault: unknown) => boolean,
): Promise<T> {
  for (let retries = 0; ; retries += 1) {
    try {
      return await work()
    } catch (fault) {
      const firstPauseMs = pauseFor(fault)
      if (firstPauseMs === undefined || retries >= limits.maxRetries || !mayRepeat(fault))
        throw fault
      await sleep(jitter(Math.min(firstPauseMs * 2 ** retries, limits.retryDelayMs)))
    }
  }
}

/** Undefined for what would fail again. */
function pauseFor(fault: unknown): number | undefined {
  if (fault instanceof Conflict) return CONFLICT_PAUSE_MS
  if (fault instanceof StoreUnavailable || fault instanceof CommitUnknown)
    return UNAVAILABLE_PAUSE_MS
  return undefined
}

/** Half to whole: two that collided must not meet again. */
function jitter(milliseconds: number): number {
  return milliseconds * (0.5 + Math.random() / 2)
}
