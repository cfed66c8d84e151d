const INTERRUPTED = 1317

/** Of a quick command, by the errno of its ERR; 0 where there was none. */
export function outcomeOf(errno: number) {
  if (errno === 0) return 'ok'
  return errno === INTERRUPTED ? 'cancelled' : 'error'
}
