// store: ArticDBM's own state, on SQLite, PostgreSQL, MySQL, MariaDB and Galera, with one behaviour.
//
// What it is: the one room that knows a SQL dialect of our own state. openStore gives a Kysely over Schema,
// transactions that survive deadlocks and lost connections, and helpers for what engines say differently.
// What it must never do: know a rule of a feature; their queries are in <feature>/store.ts.
// Rules for those queries: inside a transaction use only `tx`; no RETURNING, ON CONFLICT, ILIKE or FOR UPDATE
// by hand (use insertNew, upsert, contains, locked); times are ISO text; order by a nullable column by nullsLast.
// Begin with open-store.ts, then schema.ts.
export * from './counters.ts'
export * from './faults.ts'
export * from './leases.ts'
export { isMigrated, migrate } from './migrations/migrate.ts'
export { openStore, type Store, type Tx, type WorkOptions } from './open-store.ts'
export * from './reading.ts'
export * from './schema.ts'
export * from './store-config.ts'
export { foldKey, foldText } from './values.ts'
export * from './writing.ts'
