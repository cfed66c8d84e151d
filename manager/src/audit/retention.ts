// What is older than its keeping time goes, and the chain then begins at an anchor that the audit itself names.
import type { Kysely } from 'kysely'
import type { Base } from '../base.ts'
import type { Acting } from '../identity/services.ts'
import type { Schema, Tx } from '../store/index.ts'
import { recordDeed } from './administer.ts'

const SYSTEM: Acting = { userId: '', name: 'system', address: '' }
/** Chain entries removed in one transaction: Galera dislikes long ones. */
const STEP = 2_000

/** Says how many chain entries went. */
export async function expireAudit(base: Base, keptDays: number): Promise<number> {
  const cutoff = new Date(base.now().getTime() - keptDays * 86_400_000).toISOString()
  let removed = 0
  for (;;) {
    const step = await base.store.transaction((tx) => expireStep(base, tx, cutoff))
    removed += step
    if (step < STEP) return removed
  }
}

async function expireStep(base: Base, tx: Tx, cutoff: string): Promise<number> {
  const expired = await expiredPrefix(tx, cutoff)
  const last = expired.at(-1)
  if (!last) return 0
  await tx.deleteFrom('audit_chain').where('seq', '<', last.seq).execute()
  await tx.updateTable('audit_chain').set({ kind: 'anchor' }).where('seq', '=', last.seq).execute()
  await deleteRowsWithoutEntries(
    tx,
    expired.map(({ audit_id }) => audit_id),
  )
  await recordDeed(base, tx, SYSTEM, {
    action: 'audit.expire',
    subject: `chain:${last.seq}`,
    before: { entries: expired.length },
    after: { anchor: Number(last.seq), hash: last.hash, cutoff },
  })
  return expired.length
}

/** From the chain's beginning up to the first entry whose row is still to be kept. */
async function expiredPrefix(db: Kysely<Schema>, cutoff: string) {
  const links = await db
    .selectFrom('audit_chain')
    .innerJoin('audit_log', 'audit_log.id', 'audit_chain.audit_id')
    .select(['audit_chain.seq', 'audit_chain.audit_id', 'audit_chain.hash', 'audit_log.at'])
    .where('audit_chain.kind', '!=', 'anchor')
    .orderBy('audit_chain.seq')
    .limit(STEP)
    .execute()
  const firstKept = links.findIndex(({ at }) => at >= cutoff)
  return firstKept === -1 ? links : links.slice(0, firstKept)
}

async function deleteRowsWithoutEntries(tx: Tx, ids: readonly string[]): Promise<void> {
  const kept = await tx
    .selectFrom('audit_chain')
    .select('audit_id')
    .where('audit_id', 'in', [...ids])
    .where('kind', '!=', 'anchor')
    .execute()
  const isKept = new Set(kept.map(({ audit_id }) => audit_id))
  const gone = [...new Set(ids)].filter((id) => !isKept.has(id))
  if (gone.length > 0) await tx.deleteFrom('audit_log').where('id', 'in', gone).execute()
}
