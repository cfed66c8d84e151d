/** A backend that is silent this long is probed: when it has gone without a word, who waits for its answer is told. */
const KEEP_ALIVE_MS = 15_000

/** Of every socket to a backend, whatever it speaks. */
export const SOCKET_OPTIONS = {
  noDelay: true,
  keepAlive: true,
  keepAliveInitialDelay: KEEP_ALIVE_MS,
} as const
