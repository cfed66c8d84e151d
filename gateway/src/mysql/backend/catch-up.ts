import type { CatchUp } from '../../pool/pools.ts'
import { askRows } from './ask-rows.ts'
import type { MysqlBackend } from './connection.ts'

/**
 * Waits until the node has applied all that the cluster has ordered before: Galera's causal reads. Rejects after the
 * node's own `repl.causal_read_timeout`, 30 s unless told.
 */
export const catchUpGalera: CatchUp<MysqlBackend> = async (connection) => {
  await askRows(connection, 'SET SESSION wsrep_sync_wait = 1')
  await askRows(connection, 'SELECT 1')
  await askRows(connection, 'SET SESSION wsrep_sync_wait = DEFAULT')
}
