export interface DatabasesSearch {
  /** The dialog to add one is open. */
  readonly add?: boolean
}

export function readDatabasesSearch(search: Record<string, unknown>): DatabasesSearch {
  return search.add === true ? { add: true } : {}
}
