// What gateways are told of masks.
import type { SnapshotMask } from '@articdbm/contract'
import type { Tx } from '../store/index.ts'

/** Those of `databases`, with the exceptions that are among `principals`: of either, the ids. */
export async function publishedMasks(
  tx: Tx,
  known: { readonly principals: ReadonlySet<string>; readonly databases: ReadonlySet<string> },
): Promise<SnapshotMask[]> {
  const rows = await tx
    .selectFrom('masks')
    .select(['id', 'database_id', 'table_name', 'column_name', 'form'])
    .select(['except_roles', 'except_principals'])
    .orderBy('id')
    .execute()
  return rows
    .filter((row) => known.databases.has(row.database_id))
    .map((row) => ({
      id: row.id,
      databaseId: row.database_id,
      table: row.table_name,
      column: row.column_name,
      form: row.form as SnapshotMask['form'],
      exceptRoles: JSON.parse(row.except_roles) as SnapshotMask['exceptRoles'],
      exceptPrincipals: (JSON.parse(row.except_principals) as string[]).filter((id) =>
        known.principals.has(id),
      ),
    }))
}
