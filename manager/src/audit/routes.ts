import { AuditEntry, AuditQuery, ChainVerification, CursorPage, Success } from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import { IdParams, one, route } from '../http/route.ts'
import type { Audit } from './services.ts'

const tag = 'audit'
const DEFAULT_LIMIT = 50

export function auditRoutes(app: FastifyInstance, audit: Audit): void {
  route(
    app,
    {
      method: 'GET',
      path: '/audit',
      id: 'searchAudit',
      summary: 'Search the audit, newest first; without audit:read-all, my own rows',
      tag,
      access: 'audit:read',
      query: AuditQuery,
      answer: CursorPage(AuditEntry),
    },
    async ({ actor, query }) => {
      const { items, nextCursor } = await audit.search(actor, query)
      return { data: items, meta: { limit: query.limit ?? DEFAULT_LIMIT, nextCursor } }
    },
  )
  route(
    app,
    {
      method: 'GET',
      path: '/audit/verify',
      id: 'verifyAudit',
      summary: 'Walk the chain of hashes and say whether any row was edited, removed or slipped in',
      tag,
      access: 'audit:verify',
      answer: Success(ChainVerification),
    },
    async () => one(await audit.verify()),
  )
  route(
    app,
    {
      method: 'GET',
      path: '/audit/:id',
      id: 'getAuditEntry',
      summary: 'One row; its id is the verdict id of a refusal',
      tag,
      access: 'audit:read',
      params: IdParams,
      answer: Success(AuditEntry),
      problems: [404],
    },
    async ({ actor, params }) => one(await audit.get(actor, params.id)),
  )
}
