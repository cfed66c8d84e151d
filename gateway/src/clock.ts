/** Milliseconds since 1970 that never go back, whatever somebody does to the machine's clock. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now()
}
