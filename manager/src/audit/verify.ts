import type { ChainVerification } from '@articdbm/contract'
import type { Kysely, Selectable } from 'kysely'
import type { AuditChainRow, AuditRow, Schema, Store } from '../store/index.ts'
import { HEAD } from './chain.ts'
import { type AuditRecord, endedContent, nextHash, recordedContent } from './events.ts'

const BATCH = 500

type Link = Selectable<AuditChainRow>
type Broken = NonNullable<ChainVerification['broken']>

/** Walks the chain from its anchor to its head: what was edited, removed or slipped in shows as a broken link. */
export async function verifyChain(store: Store): Promise<Omit<ChainVerification, 'durationMs'>> {
  const anchor = await store.read((db) => readAnchor(db))
  const head = await store.read((db) => readHead(db))
  let { seq, hash } = anchor
  let entries = 0
  for (;;) {
    const links = await store.read((db) => linksAfter(db, seq))
    if (links.length === 0) break
    const rows = await store.read((db) => rowsOf(db, links))
    for (const link of links) {
      const why = faultOf(link, { seq, hash, row: rows.get(link.audit_id) }, head)
      if (why) return broken(entries, hash, { seq: Number(link.seq), auditId: link.audit_id, why })
      seq = Number(link.seq)
      hash = link.hash
      entries += 1
    }
  }
  const end = { seq, hash, anchorSeq: anchor.seq }
  const loose = await store.read(
    async (db) => headFault(end, head, await readHead(db)) ?? slippedIn(db, end),
  )
  return loose
    ? broken(entries, hash, loose)
    : { isIntact: true, entries, broken: null, head: hash }
}

function broken(entries: number, head: string, found: Broken) {
  return { isIntact: false, entries, broken: found, head }
}

interface Anchor {
  readonly seq: number
  readonly hash: string
}

/** The link after which the chain begins: nothing at first, later what retention left. */
async function readAnchor(db: Kysely<Schema>): Promise<Anchor> {
  const row = await db
    .selectFrom('audit_chain')
    .selectAll()
    .where('kind', '=', 'anchor')
    .orderBy('seq', 'desc')
    .executeTakeFirst()
  return row ? { seq: Number(row.seq), hash: row.hash } : { seq: 0, hash: '' }
}

function linksAfter(db: Kysely<Schema>, seq: number): Promise<Link[]> {
  return db
    .selectFrom('audit_chain')
    .selectAll()
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(BATCH)
    .execute()
}

async function rowsOf(
  db: Kysely<Schema>,
  links: readonly Link[],
): Promise<ReadonlyMap<string, AuditRecord>> {
  const ids = [...new Set(links.map(({ audit_id }) => audit_id))]
  const rows: Selectable<AuditRow>[] = await db
    .selectFrom('audit_log')
    .selectAll()
    .where('id', 'in', ids)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

interface Before extends Anchor {
  readonly row: AuditRecord | undefined
}

function faultOf(link: Link, before: Before, head: Anchor | undefined): string {
  if (Number(link.seq) !== before.seq + 1) return 'entries before this one were removed'
  if (!before.row) return 'its audit row was removed'
  const content = contentOf(link, before.row)
  if (content === undefined) return 'the entry has an unknown kind'
  if (nextHash(before.hash, content) !== link.hash) return 'the audit row or the entry was edited'
  const isRewritten = head?.seq === Number(link.seq) && head.hash !== link.hash
  return isRewritten ? 'the entries up to this one were rewritten' : ''
}

function contentOf(link: Link, row: AuditRecord): string | undefined {
  if (link.kind === 'recorded') return recordedContent(row)
  return link.kind === 'ended' ? endedContent(row.id, row) : undefined
}

interface End extends Anchor {
  readonly anchorSeq: number
}

async function readHead(db: Kysely<Schema>): Promise<Anchor | undefined> {
  const row = await db
    .selectFrom('audit_head')
    .selectAll()
    .where('name', '=', HEAD)
    .executeTakeFirst()
  return row && { seq: Number(row.seq), hash: row.hash }
}

/** The head as it was before the walk, and as it is after: it only grows, and the walk ends between the two. */
function headFault(
  end: End,
  before: Anchor | undefined,
  after: Anchor | undefined,
): Broken | undefined {
  const { seq } = end
  if (!before || !after) return { seq, auditId: '', why: "the chain's head was removed" }
  if (seq < before.seq) return { seq, auditId: '', why: 'the newest entries were removed' }
  if (after.seq < seq) return { seq, auditId: '', why: "the chain's head was set back" }
  const isRewritten = after.seq === seq && after.hash !== end.hash
  return isRewritten ? { seq, auditId: '', why: "the chain's head was edited" } : undefined
}

async function slippedIn(db: Kysely<Schema>, end: End): Promise<Broken | undefined> {
  const beginnings: readonly string[] = end.anchorSeq === 0 ? ['recorded'] : ['recorded', 'ended']
  const row = await unlinked(db, beginnings).executeTakeFirst()
  if (row) return { seq: end.seq, auditId: row.id, why: 'the audit row was slipped in' }
  const ended = await unlinked(db, ['ended']).where('outcome', 'is not', null).executeTakeFirst()
  return ended && { seq: end.seq, auditId: ended.id, why: "the row's ending was slipped in" }
}

/** The audit's rows that the chain has no link of such a kind for. */
function unlinked(db: Kysely<Schema>, kinds: readonly string[]) {
  return db
    .selectFrom('audit_log')
    .select('id')
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('audit_chain')
            .select('seq')
            .whereRef('audit_chain.audit_id', '=', 'audit_log.id')
            .where('kind', 'in', kinds),
        ),
      ),
    )
}
