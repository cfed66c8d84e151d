/** Integers come as bigint, so that none loses digits; booleans and dates do not exist in SQLite. */
export type SqliteValue = null | bigint | number | string | Uint8Array

export interface SqliteColumn {
  readonly name: string
  /** As CREATE TABLE says it ("VARCHAR(20)"); undefined for an expression. */
  readonly declaredType: string | undefined
  readonly table: string | undefined
  readonly column: string | undefined
}

export interface SqliteDescription {
  readonly columns: readonly SqliteColumn[]
  readonly parameterCount: number
}

export type SqliteEvent =
  | { readonly kind: 'columns'; readonly columns: readonly SqliteColumn[] }
  | { readonly kind: 'rows'; readonly rows: readonly (readonly SqliteValue[])[] }
  | {
      readonly kind: 'end'
      readonly changes: number
      readonly lastInsertRowid: bigint
      readonly inTransaction: boolean
    }

export interface SqliteAccess {
  readonly name: string
  readonly access: 'read' | 'write'
}

export interface SqliteRun {
  /** Exactly one statement; what follows it is refused. */
  readonly sql: string
  readonly parameters: readonly SqliteValue[]
  /** What the verdict permitted. SQLite itself refuses every other table while it compiles the statement. */
  readonly allowed: readonly SqliteAccess[] | 'everything'
  readonly timeoutMs: number
}

/** An INSERT with a `?` for each value, once for each row. */
export interface SqliteInsert {
  readonly sql: string
  readonly rows: readonly (readonly SqliteValue[])[]
  readonly allowed: SqliteRun['allowed']
  readonly timeoutMs: number
}

/** So many rows went in; `failure` tells why the next one did not. */
export interface SqliteInserted {
  readonly count: number
  readonly failure: Error | undefined
}

/** One open file. One statement at a time: the next waits until the running one has ended. */
export interface SqliteConnection {
  readonly inTransaction: boolean
  /** False once a statement set something or made a temporary object: the next session must not inherit it. */
  readonly isPristine: boolean
  /** True after `close`, and when a statement had to be abandoned: open another. */
  readonly isClosed: boolean
  /** Compiles, and runs nothing. Without `allowed`, any table may be described. */
  describe(sql: string, allowed?: SqliteRun['allowed']): Promise<SqliteDescription>
  /** The next batch of rows is read only when asked for. Leaving the loop early ends the statement. */
  execute(run: SqliteRun): AsyncIterable<SqliteEvent>
  /** Without a transaction around it, each row is one of its own. */
  insert(insert: SqliteInsert): Promise<SqliteInserted>
  /** Ends the running `execute` or `insert` with StatementCancelled; without one, nothing happens. */
  interrupt(): void
  close(): Promise<void>
}

export interface SqliteDatabases {
  /** The file must exist: a connect never creates one. */
  open(path: string): Promise<SqliteConnection>
  close(): Promise<void>
}
