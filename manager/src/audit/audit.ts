import type { AuditBatch } from '@articdbm/contract'
import type { Base } from '../base.ts'
import type { Actor } from '../identity/actor.ts'
import { may } from '../identity/permissions.ts'
import { NotFound } from '../store/index.ts'
import { ingest, type Taken } from './ingest.ts'
import { findEntry, type Scope, searchAudit } from './search.ts'
import type { Audit } from './services.ts'
import { verifyChain } from './verify.ts'

export function createAudit(base: Base, onTaken: (taken: Taken, batch: AuditBatch) => void): Audit {
  return {
    search: (actor, query) => base.store.read((db) => searchAudit(db, query, scopeOf(actor))),
    get: async (actor, id) => {
      const entry = await base.store.read((db) => findEntry(db, id, scopeOf(actor)))
      if (!entry) throw new NotFound('this audit row')
      return entry
    },
    verify: async () => {
      const startedMs = performance.now()
      const verification = await verifyChain(base.store)
      return { ...verification, durationMs: Math.round(performance.now() - startedMs) }
    },
    ingest: async (batch) => onTaken(await ingest(base, batch), batch),
  }
}

function scopeOf(actor: Actor): Scope {
  return { principalId: may(actor.role, 'audit:read-all') ? undefined : actor.userId }
}
