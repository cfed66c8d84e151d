import type { PoolMode, SnapshotDatabase, SnapshotPrincipal } from '@articdbm/contract'

/** How one person's sessions of one database are pooled. */
export interface Pooling {
  readonly mode: PoolMode
  /** Short reads may share connections with other sessions'. */
  readonly mayShare: boolean
  /** Connections that all of their sessions may have at once; 0 for no limit. */
  readonly maxConnections: number
}

/** As the person is set to be, or else as the database is; who may not share on either side doesn't. */
export function poolingOf(
  database: SnapshotDatabase | undefined,
  principal: SnapshotPrincipal | undefined,
): Pooling {
  const { pool } = database ?? {}
  const { pooling } = principal ?? {}
  const mode = pooling?.mode ?? pool?.mode ?? 'transaction'
  return {
    mode,
    mayShare: mode !== 'session' && pool?.lanes !== false && pooling?.lanes !== false,
    maxConnections: pooling?.maxConnections ?? pool?.maxConnectionsPerUser ?? 0,
  }
}
