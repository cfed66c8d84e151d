export interface LoginSearch {
  /** Where the person was going: a path of ours. */
  readonly next?: string
}

/** `next` comes from the address bar: only a path of this site is followed, never `//elsewhere`. */
export function readLoginSearch(search: Record<string, unknown>): LoginSearch {
  const { next } = search
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? { next } : {}
}
