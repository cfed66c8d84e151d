// sqlite: SQLite files as a backend, off the event loop.
//
// What it is: one connection, one process of its own; statements stream their rows in batches, on demand.
// What it must never do: create a file, load an extension, or touch a table that the verdict did not name.
// Begin with types.ts, then databases.ts and engine.ts.
export { createSqliteDatabases, type SqliteOptions } from './databases.ts'
export { SqliteError } from './error.ts'
export type * from './types.ts'
