import type { PageQuery, SqlFileQuery } from '@articdbm/contract'
import type { Insertable, Kysely, Updateable } from 'kysely'
import {
  foldKey,
  locked,
  type Schema,
  type SqlFileRow,
  type SqlFileRunRow,
  type StoredRow,
  type Tx,
  totalOf,
} from '../store/index.ts'

function filesWithNames(db: Kysely<Schema>) {
  return db
    .selectFrom('sql_files')
    .innerJoin('databases', 'databases.id', 'sql_files.database_id')
    .leftJoin('users as uploaders', 'uploaders.id', 'sql_files.uploaded_by')
    .leftJoin('users as approvers', 'approvers.id', 'sql_files.approved_by')
}

const SUMMARY = [
  'sql_files.id',
  'sql_files.name',
  'databases.name as database_name',
  'databases.engine',
  'sql_files.sha256',
  'sql_files.is_valid',
  'sql_files.is_transaction',
  'sql_files.uploaded_by',
  'uploaders.name as uploader_name',
  'sql_files.uploaded_at',
  'sql_files.approved_by',
  'approvers.name as approver_name',
  'sql_files.approved_at',
  'sql_files.version',
] as const

/** Newest first; of one database where the query says so, of one person where `uploadedBy` says so. */
export async function listFiles(
  db: Kysely<Schema>,
  { database, limit = 50, offset = 0 }: SqlFileQuery,
  uploadedBy: string | undefined,
) {
  const matching = filesWithNames(db)
    .$if(database !== undefined, (q) => q.where('databases.name_key', '=', foldKey(database ?? '')))
    .$if(uploadedBy !== undefined, (q) => q.where('sql_files.uploaded_by', '=', uploadedBy ?? ''))
  const rows = await matching
    .select(SUMMARY)
    .orderBy('sql_files.uploaded_at', 'desc')
    .orderBy('sql_files.id')
    .limit(limit)
    .offset(offset)
    .execute()
  return { rows, total: await totalOf(matching) }
}

export type NamedSummary = Awaited<ReturnType<typeof listFiles>>['rows'][number]

export function findFile(db: Kysely<Schema>, id: string) {
  return filesWithNames(db)
    .select([...SUMMARY, 'sql_files.sql_text', 'sql_files.checks'])
    .where('sql_files.id', '=', id)
    .executeTakeFirst()
}

export type NamedFile = NonNullable<Awaited<ReturnType<typeof findFile>>>

/** Holds the file, so that no second run begins meanwhile. */
export async function holdFile(tx: Tx, id: string): Promise<void> {
  await locked(tx, tx.selectFrom('sql_files').select('id').where('id', '=', id)).execute()
}

export async function insertFile(tx: Tx, row: Insertable<SqlFileRow>): Promise<void> {
  await tx.insertInto('sql_files').values(row).execute()
}

export async function countFiles(tx: Tx): Promise<number> {
  return totalOf(tx.selectFrom('sql_files'))
}

function runsWithNames(db: Kysely<Schema>) {
  return db
    .selectFrom('sql_file_runs')
    .leftJoin('users as starters', 'starters.id', 'sql_file_runs.started_by')
    .leftJoin('users as approvers', 'approvers.id', 'sql_file_runs.approved_by')
    .selectAll('sql_file_runs')
    .select(['starters.name as starter_name', 'approvers.name as approver_name'])
}

export async function listRuns(
  db: Kysely<Schema>,
  fileId: string,
  { limit = 50, offset = 0 }: PageQuery,
) {
  const rows = await runsWithNames(db)
    .where('file_id', '=', fileId)
    .orderBy('started_at', 'desc')
    .orderBy('sql_file_runs.id')
    .limit(limit)
    .offset(offset)
    .execute()
  return {
    rows,
    total: await totalOf(db.selectFrom('sql_file_runs').where('file_id', '=', fileId)),
  }
}

export type NamedRun = Awaited<ReturnType<typeof listRuns>>['rows'][number]

export function findRun(db: Kysely<Schema>, id: string): Promise<NamedRun | undefined> {
  return runsWithNames(db).where('sql_file_runs.id', '=', id).executeTakeFirst()
}

export async function insertRun(tx: Tx, row: Insertable<SqlFileRunRow>): Promise<void> {
  await tx.insertInto('sql_file_runs').values(row).execute()
}

export function runningOf(tx: Tx, fileId: string): Promise<StoredRow<'sql_file_runs'>[]> {
  return tx
    .selectFrom('sql_file_runs')
    .selectAll()
    .where('file_id', '=', fileId)
    .where('state', '=', 'running')
    .execute()
}

/** Only while it is running: false when somebody has ended it meanwhile. */
export async function updateRun(
  tx: Tx,
  id: string,
  changes: Updateable<SqlFileRunRow>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('sql_file_runs')
    .set(changes)
    .where('id', '=', id)
    .where('state', '=', 'running')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}
