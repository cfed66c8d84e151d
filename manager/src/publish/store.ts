import type {
  Snapshot,
  SnapshotDatabase,
  SnapshotGrant,
  SnapshotPrincipal,
} from '@articdbm/contract'
import { presentBackend, readPolicy, readPool, readRouting } from '../databases/shape.ts'
import type { BackendRecord, DatabaseRecord } from '../databases/store.ts'
import { publishedBypasses, publishedRules } from '../firewall/published.ts'
import { readPooling } from '../identity/users.ts'
import { publishedLearnt } from '../learning/known.ts'
import { publishedMasks } from '../masks/published.ts'
import { currentRevision, type Tx } from '../store/index.ts'

/**
 * All that a gateway needs, in one transaction. The revision is read first: on an engine where later statements
 * see later commits, the content is then never older than its number says.
 */
export async function compileSnapshot(tx: Tx, now: string): Promise<Snapshot> {
  const revision = await currentRevision(tx)
  const principals = await principalsOf(tx)
  const databases = await databasesOf(tx)
  const known = {
    principals: new Set(principals.map(({ id }) => id)),
    databases: new Set(databases.map(({ id }) => id)),
  }
  const grants = (await grantsOf(tx, now)).filter(
    (grant) => known.principals.has(grant.principalId) && known.databases.has(grant.databaseId),
  )
  const rules = await publishedRules(tx)
  const bypasses = await publishedBypasses(tx, now)
  const masks = await publishedMasks(tx, known)
  const learnt = (await publishedLearnt(tx, databases)).filter(({ principalId }) =>
    known.principals.has(principalId),
  )
  return { revision, principals, databases, grants, rules, bypasses, masks, learnt }
}

async function principalsOf(tx: Tx): Promise<SnapshotPrincipal[]> {
  const rows = await tx
    .selectFrom('users')
    .select(['id', 'name', 'role', 'scram', 'is_active', 'valid_until', 'pooling'])
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    role: row.role as SnapshotPrincipal['role'],
    verifier: JSON.parse(row.scram) as SnapshotPrincipal['verifier'],
    isActive: row.is_active,
    validUntil: row.valid_until,
    pooling: readPooling(row),
  }))
}

async function databasesOf(tx: Tx): Promise<SnapshotDatabase[]> {
  const rows = await tx.selectFrom('databases').selectAll().orderBy('id').execute()
  const backends = await tx
    .selectFrom('backends')
    .selectAll()
    .orderBy('database_id')
    .orderBy('position')
    .execute()
  return rows.map((row) => snapshotDatabase(row, backends))
}

function snapshotDatabase(
  row: DatabaseRecord,
  backends: readonly BackendRecord[],
): SnapshotDatabase {
  return {
    id: row.id,
    name: row.name,
    engine: row.engine as SnapshotDatabase['engine'],
    target: row.target,
    defaultSchema: row.default_schema,
    backends: backends.filter((b) => b.database_id === row.id).map(presentBackend),
    credential: row.credential_sealed,
    pool: readPool(row),
    routing: readRouting(row),
    policy: readPolicy(row),
  }
}

async function grantsOf(tx: Tx, now: string): Promise<SnapshotGrant[]> {
  const rows = await tx
    .selectFrom('grants')
    .selectAll()
    .where('revoked_at', 'is', null)
    .where((grant) => grant.or([grant('valid_until', 'is', null), grant('valid_until', '>', now)]))
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    principalId: row.principal_id,
    databaseId: row.database_id,
    schema: row.schema_name,
    table: row.table_name,
    actions: JSON.parse(row.actions) as SnapshotGrant['actions'],
    validUntil: row.valid_until,
  }))
}
