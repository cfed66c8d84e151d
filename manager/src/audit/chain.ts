// The chain of hashes over everything that was recorded. Whoever appends holds the head's row until the commit.
import { insertAll, insertNew, locked, type Tx } from '../store/index.ts'
import { type Ending, endedContent, type NewAuditRow, nextHash, recordedContent } from './events.ts'

export const HEAD = 'audit'

export interface Entry {
  readonly auditId: string
  readonly kind: 'recorded' | 'ended'
  readonly content: string
}

export interface Appended {
  readonly started: readonly NewAuditRow[]
  readonly ended: readonly { readonly id: string; readonly ending: Ending }[]
}

/**
 * Takes rows and endings that are not there yet, in order; says which rows were new.
 * An ending whose row is in the same batch is written with it: one statement fewer.
 */
export async function append(
  tx: Tx,
  { started, ended }: Appended,
): Promise<readonly NewAuditRow[]> {
  const head = await lockHead(tx)
  const endings = new Map(ended.map(({ id, ending }) => [id, ending]))
  const complete = started.map((row) => ({ ...row, ...endings.get(row.id) }))
  const freshIds = new Set(await insertNew(tx, 'audit_log', complete))
  const freshRows = started.filter((row) => freshIds.delete(row.id))
  const isFresh = new Set(freshRows.map((row) => row.id))
  const later = await endOpenRows(tx, ended, isFresh)
  const endedIds = new Set(later)
  const entries = [
    ...freshRows.map(recordedEntry),
    ...[...endings]
      .filter(([id]) => isFresh.has(id) || endedIds.has(id))
      .map(([id, ending]) => endedEntry(id, ending)),
  ]
  await appendEntries(tx, head, entries)
  return freshRows
}

interface Head {
  readonly seq: number
  readonly hash: string
}

async function lockHead(tx: Tx): Promise<Head> {
  const query = tx.selectFrom('audit_head').select(['seq', 'hash']).where('name', '=', HEAD)
  const row = await locked(tx, query).executeTakeFirstOrThrow()
  return { seq: Number(row.seq), hash: row.hash }
}

/** Endings of rows that came earlier; says which were still open. What ends a row twice is left out. */
async function endOpenRows(
  tx: Tx,
  ended: Appended['ended'],
  isFresh: ReadonlySet<string>,
): Promise<readonly string[]> {
  const waiting = new Map(ended.filter(({ id }) => !isFresh.has(id)).map((e) => [e.id, e.ending]))
  if (waiting.size === 0) return []
  const open = await tx
    .selectFrom('audit_log')
    .select('id')
    .where('id', 'in', [...waiting.keys()])
    .where('outcome', 'is', null)
    .execute()
  for (const { id } of open) {
    const ending = waiting.get(id)
    if (ending) await tx.updateTable('audit_log').set(ending).where('id', '=', id).execute()
  }
  return open.map(({ id }) => id)
}

function recordedEntry(row: NewAuditRow): Entry {
  return { auditId: row.id, kind: 'recorded', content: recordedContent(row) }
}

function endedEntry(id: string, ending: Ending): Entry {
  return { auditId: id, kind: 'ended', content: endedContent(id, ending) }
}

async function appendEntries(tx: Tx, head: Head, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return
  let { seq, hash } = head
  const rows = entries.map(({ auditId, kind, content }) => {
    seq += 1
    hash = nextHash(hash, content)
    return { seq, audit_id: auditId, kind, hash }
  })
  await insertAll(tx, 'audit_chain', rows)
  await tx.updateTable('audit_head').set({ seq, hash }).where('name', '=', HEAD).execute()
}
