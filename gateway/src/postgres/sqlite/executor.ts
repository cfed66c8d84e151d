import type { SnapshotDatabase } from '@articdbm/contract'
import { FeatureNotSupported } from '@articdbm/contract'
import type { Gateway } from '../../gateway.ts'
import type { Executor } from '../executor.ts'
export async function checkoutSqlite(
  _gateway: Gateway,
  _database: SnapshotDatabase,
  _signal: AbortSignal,
): Promise<Executor> {
  throw new FeatureNotSupported('soon')
}
