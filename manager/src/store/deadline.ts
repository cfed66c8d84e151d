import { StoreUnavailable } from './faults.ts'

/** Past the servers' own time-outs: only a dead network makes a statement last this long. */
export const NETWORK_TIMEOUT_MS = 45_000

/** Both drivers have a time-out of their own, but forget its timer when the connection is lost, and keep the process alive. */
export async function beforeDeadline<T>(
  answer: Promise<T>,
  timeoutMs = NETWORK_TIMEOUT_MS,
): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(
    () => late.reject(new StoreUnavailable(`no answer within ${timeoutMs} ms`)),
    timeoutMs,
  )
  try {
    return await Promise.race([answer, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
