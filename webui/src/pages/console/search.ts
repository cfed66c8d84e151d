export interface ConsoleSearch {
  /** The database to begin with. */
  readonly database?: string
}

export function readConsoleSearch(search: Record<string, unknown>): ConsoleSearch {
  const { database } = search
  return typeof database === 'string' ? { database } : {}
}
