import type { AuditBatch, AuditEntry, AuditQuery, ChainVerification } from '@articdbm/contract'
import type { Actor } from '../identity/actor.ts'

export interface AuditSlice {
  readonly items: AuditEntry[]
  readonly nextCursor: string | null
}

export interface Audit {
  /** Newest first. Who lacks `audit:read-all` finds their own rows only. */
  search(actor: Actor, query: AuditQuery): Promise<AuditSlice>
  get(actor: Actor, id: string): Promise<AuditEntry>
  verify(): Promise<ChainVerification>
  /** Takes each event once, whatever is sent twice. Resolves when all are committed. */
  ingest(batch: AuditBatch): Promise<void>
}
