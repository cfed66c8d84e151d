import { BackendUnavailable } from '@articdbm/contract'
import type { SqliteLeasable } from '../gateway.ts'
import type { SqliteConnection, SqliteDatabases } from '../sqlite/index.ts'
import type { Dialer } from './pools.ts'

/** Opens a database's file as a connection that a pool can keep. */
export function sqliteDialer(databases: SqliteDatabases): Dialer<SqliteLeasable> {
  return async ({ database }) => {
    try {
      return leasable(await databases.open(database.target))
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new BackendUnavailable(database.name, why)
    }
  }
}

function leasable(connection: SqliteConnection): SqliteLeasable {
  const listeners: (() => void)[] = []
  return {
    describe: (sql, allowed) => connection.describe(sql, allowed),
    execute: (run) => connection.execute(run),
    insert: (insert) => connection.insert(insert),
    interrupt: () => connection.interrupt(),
    close: async () => {
      await connection.close()
      for (const listener of listeners.splice(0)) listener()
    },
    onClosed: (listener) => void listeners.push(listener),
    get inTransaction() {
      return connection.inTransaction
    },
    get isPristine() {
      return connection.isPristine
    },
    get isClosed() {
      return connection.isClosed
    },
    get isOpen() {
      return !connection.isClosed
    },
    get isReusable() {
      return !connection.isClosed && !connection.inTransaction && connection.isPristine
    },
  }
}
