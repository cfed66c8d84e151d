export interface SqlFilesSearch {
  readonly database?: string
  /** The dialog to upload a file is open. */
  readonly add?: boolean
}

export function readSqlFilesSearch({ database, add }: Record<string, unknown>): SqlFilesSearch {
  return {
    ...(typeof database === 'string' && database !== '' ? { database } : {}),
    ...(add === true ? { add } : {}),
  }
}
