// What gateways are told of the firewall.
import type { RuleConditions, SnapshotBypass, SnapshotRule } from '@articdbm/contract'
import type { Tx } from '../store/index.ts'

/** Those that are switched on, in their order. */
export async function publishedRules(tx: Tx): Promise<SnapshotRule[]> {
  const rows = await tx
    .selectFrom('rules')
    .select(['name', 'database_id', 'action', 'message', 'conditions'])
    .where('is_on', '=', true)
    .orderBy('position')
    .orderBy('name')
    .execute()
  return rows.map((row) => ({
    name: row.name,
    databaseId: row.database_id,
    action: row.action as SnapshotRule['action'],
    message: row.message,
    conditions: JSON.parse(row.conditions) as RuleConditions,
  }))
}

/** Those that are open. */
export async function publishedBypasses(tx: Tx, now: string): Promise<SnapshotBypass[]> {
  const rows = await tx
    .selectFrom('bypasses')
    .select(['id', 'database_id', 'rule', 'digest', 'principal_id', 'valid_until'])
    .where('ended_at', 'is', null)
    .where('valid_until', '>', now)
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    databaseId: row.database_id,
    rule: row.rule,
    digest: row.digest,
    principalId: row.principal_id,
    validUntil: row.valid_until,
  }))
}
