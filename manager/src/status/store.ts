import type { GatewayStatus } from '@articdbm/contract'
import type { Kysely } from 'kysely'
import { type Schema, upsert } from '../store/index.ts'

export interface SeenGateway {
  readonly status: GatewayStatus
  readonly seenAt: string
}

export async function saveStatus(
  db: Kysely<Schema>,
  status: GatewayStatus,
  now: string,
): Promise<void> {
  const row = { id: status.gateway.slice(0, 64), status: JSON.stringify(status), seen_at: now }
  await upsert(db, 'gateways', row, ['id'])
}

export async function seenGateways(db: Kysely<Schema>): Promise<readonly SeenGateway[]> {
  const rows = await db.selectFrom('gateways').selectAll().orderBy('id').execute()
  return rows.map((row) => ({
    status: JSON.parse(row.status) as GatewayStatus,
    seenAt: row.seen_at,
  }))
}

export async function forgetGateways(db: Kysely<Schema>, before: string): Promise<void> {
  await db.deleteFrom('gateways').where('seen_at', '<', before).execute()
}

export interface NamedDatabase {
  readonly id: string
  readonly name: string
  readonly engine: string
}

export function databaseNames(db: Kysely<Schema>): Promise<NamedDatabase[]> {
  return db.selectFrom('databases').select(['id', 'name', 'engine']).orderBy('name_key').execute()
}
