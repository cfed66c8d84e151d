export interface GrantsSearch {
  readonly user?: string
  readonly database?: string
  /** The dialog to add one is open. */
  readonly add?: boolean
}

export function readGrantsSearch({ user, database, add }: Record<string, unknown>): GrantsSearch {
  return {
    ...(typeof user === 'string' && user ? { user } : {}),
    ...(typeof database === 'string' && database ? { database } : {}),
    ...(add === true ? { add } : {}),
  }
}
