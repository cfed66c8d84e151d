import { createHash, randomUUID } from 'node:crypto'
import type {
  Engine,
  SqlFile,
  SqlFileChange,
  SqlFileCheck,
  SqlFileCreation,
  SqlFileSeen,
} from '@articdbm/contract'
import type { Kysely } from 'kysely'
import { administerQuietly } from '../audit/administer.ts'
import type { Base } from '../base.ts'
import type { Databases } from '../databases/services.ts'
import { NotAcceptable } from '../http/faults.ts'
import type { Actor } from '../identity/actor.ts'
import { may } from '../identity/permissions.ts'
import { NotFound, Outdated, type Schema, type Tx, updateVersion } from '../store/index.ts'
import { checkFile } from './check.ts'
import { isLost, presentFile, presentRun, presentSummary } from './present.ts'
import { type RunParts, Runs } from './runs.ts'
import type { SqlFiles } from './services.ts'
import {
  countFiles,
  findFile,
  holdFile,
  insertFile,
  listFiles,
  listRuns,
  type NamedFile,
  runningOf,
} from './store.ts'

const MAX_FILES = 10_000

export function createSqlFiles(parts: RunParts, databases: Databases): SqlFiles {
  const { base } = parts
  const runs = new Runs(parts)
  const visible = (actor: Actor, id: string) => base.store.read((db) => existing(db, actor, id))
  return {
    list: async (actor, query) => {
      const of = may(actor.role, 'sql-files:read-all') ? undefined : actor.userId
      const { rows, total } = await base.store.read((db) => listFiles(db, query, of))
      return { items: rows.map(presentSummary), total }
    },
    get: async (actor, id) => presentFile(await visible(actor, id)),
    upload: (actor, creation) => upload(base, databases, { actor, creation }),
    change: (actor, id, change) => changeFile(base, actor, { id, change }),
    approve: (actor, id, seen) => approve(base, actor, { id, seen }),
    run: async (actor, id, seen) => {
      await visible(actor, id)
      return runs.begin(actor, id, seen)
    },
    runs: async (actor, id, query) => {
      await visible(actor, id)
      const { rows, total } = await base.store.read((db) => listRuns(db, id, query))
      return { items: rows.map((row) => presentRun(row, base.now())), total }
    },
    cancel: async (actor, id, runId) => {
      await visible(actor, id)
      return runs.cancel(actor, id, runId)
    },
    settled: () => runs.settled(),
  }
}

async function existing(db: Kysely<Schema>, actor: Actor, id: string): Promise<NamedFile> {
  const row = await findFile(db, id)
  const isTheirs = row?.uploaded_by === actor.userId || may(actor.role, 'sql-files:read-all')
  if (!row || !isTheirs) throw new NotFound(`SQL file "${id}"`)
  return row
}

async function upload(
  base: Base,
  databases: Databases,
  { actor, creation }: { readonly actor: Actor; readonly creation: SqlFileCreation },
): Promise<SqlFile> {
  const { text, isTransaction = true } = creation
  const database = await databases.get(actor, creation.database)
  const checks = await checkFile({ text, engine: database.engine, isTransaction })
  return told(base, () =>
    administerQuietly(base, actor, async (tx) => {
      if ((await countFiles(tx)) >= MAX_FILES) {
        throw new NotAcceptable('too_many_sql_files', `there are ${MAX_FILES} files already`)
      }
      const id = randomUUID()
      await insertFile(tx, {
        ...{ id, name: creation.name, database_id: database.id, version: 1 },
        ...contentOf(text, checks),
        ...uploadedBy(actor, base.now()),
        is_transaction: isTransaction,
      })
      const result = presentFile(await existing(tx, actor, id))
      return { ...deed('upload', result), before: null }
    }),
  )
}

async function changeFile(
  base: Base,
  actor: Actor,
  { id, change }: { readonly id: string; readonly change: SqlFileChange },
): Promise<SqlFile> {
  const row = await base.store.read((db) => existing(db, actor, id))
  const { text = row.sql_text, isTransaction = row.is_transaction } = change
  const checks = await checkFile({ text, engine: row.engine as Engine, isTransaction })
  return told(base, () =>
    administerQuietly(base, actor, async (tx) => {
      await holdFile(tx, id)
      await assertResting(tx, id, base.now())
      const before = presentFile(await existing(tx, actor, id))
      await updateVersion(
        tx,
        'sql_files',
        { id, version: change.version },
        {
          ...contentOf(text, checks),
          // Who changes no word of it doesn't take it from the one who may not approve it.
          ...(text === row.sql_text ? {} : uploadedBy(actor, base.now())),
          is_transaction: isTransaction,
        },
      )
      const result = presentFile(await existing(tx, actor, id))
      return { ...deed('change', result), before: outline(before) }
    }),
  )
}

function approve(
  base: Base,
  actor: Actor,
  { id, seen }: { readonly id: string; readonly seen: SqlFileSeen },
): Promise<SqlFile> {
  return told(base, () =>
    administerQuietly(base, actor, async (tx) => {
      const row = await existing(tx, actor, id)
      if (row.sha256 !== seen.sha256) throw new Outdated(`SQL file ${row.name}`)
      if (row.uploaded_by === actor.userId) {
        throw new NotAcceptable(
          'four_eyes',
          'you uploaded this text: ask somebody else to approve it',
        )
      }
      if (!row.is_valid) {
        throw new NotAcceptable('sql_file_refused', 'a statement is refused: change the file first')
      }
      const changes = { approved_by: actor.userId, approved_at: base.now().toISOString() }
      await updateVersion(tx, 'sql_files', { id, version: seen.version }, changes)
      const result = presentFile(await existing(tx, actor, id))
      return { ...deed('approve', result), before: outline(presentFile(row)) }
    }),
  )
}

/** A run whose manager died holds nothing back. */
async function assertResting(tx: Tx, id: string, now: Date): Promise<void> {
  const running = await runningOf(tx, id)
  if (running.every((run) => isLost(run, now))) return
  throw new NotAcceptable('run_under_way', 'this file is being executed: wait, or cancel that')
}

function uploadedBy({ userId }: Actor, now: Date) {
  return { uploaded_by: userId, uploaded_at: now.toISOString() }
}

function contentOf(text: string, checks: readonly SqlFileCheck[]) {
  return {
    ...{ sql_text: text, sha256: createHash('sha256').update(text).digest('hex') },
    ...{
      checks: JSON.stringify(checks),
      is_valid: checks.every(({ action }) => action !== 'block'),
    },
    ...{ approved_by: null, approved_at: null },
  }
}

function deed(action: string, result: SqlFile) {
  return {
    result,
    action: `sql-file.${action}`,
    subject: `sql-file:${result.name}`,
    after: outline(result),
  }
}

/** For the audit, which keeps no text: its hash says which it was. */
function outline({ text: _text, checks, ...rest }: SqlFile): object {
  return { ...rest, statements: checks.length }
}

async function told<T>(base: Base, work: () => Promise<T>): Promise<T> {
  const result = await work()
  base.announce('sql-files')
  return result
}
