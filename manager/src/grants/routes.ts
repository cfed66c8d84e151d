import { Grant, GrantCreation, GrantQuery, Page, Success } from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { IdParams, one, page, route } from '../http/route.ts'
import type { Grants } from './services.ts'

const tag = 'grants'

export function grantRoutes(app: FastifyInstance, grants: Grants): void {
  route(
    app,
    {
      method: 'GET',
      path: '/grants',
      id: 'listGrants',
      summary: 'Who may do what, newest first',
      tag,
      access: 'grants:read',
      query: GrantQuery,
      answer: Page(Grant),
    },
    async ({ query }) => page(await grants.list(query), query),
  )
  route(
    app,
    {
      method: 'POST',
      path: '/grants',
      id: 'addGrant',
      summary: 'Grant actions on a table, a schema or a whole database, until a time',
      tag,
      access: 'grants:write',
      status: 201,
      body: GrantCreation,
      answer: Success(Grant),
      problems: [404, 422],
    },
    async ({ actor, body }) => one(await grants.add(actor, body)),
  )
  route(
    app,
    {
      method: 'DELETE',
      path: '/grants/:id',
      id: 'revokeGrant',
      summary: 'Revoke a grant; open sessions feel it at their next request',
      tag,
      access: 'grants:write',
      params: IdParams,
      answer: Success(Type.Null()),
      problems: [404],
    },
    async ({ actor, params }) => {
      await grants.revoke(actor, params.id)
      return one(null)
    },
  )
}
