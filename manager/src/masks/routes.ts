import { Mask, MaskChange, MaskCreation, MaskQuery, Page, Success } from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { IdParams, one, page, route } from '../http/route.ts'
import type { Masks } from './services.ts'

const tag = 'firewall'

export function maskRoutes(app: FastifyInstance, masks: Masks): void {
  route(
    app,
    {
      method: 'GET',
      path: '/masks',
      id: 'listMasks',
      summary: 'Columns that are masked, and who sees them plainly',
      tag,
      access: 'policies:read',
      query: MaskQuery,
      answer: Page(Mask),
    },
    async ({ query }) => page(await masks.list(query), query),
  )
  writeRoutes(app, masks)
}

function writeRoutes(app: FastifyInstance, masks: Masks): void {
  route(
    app,
    {
      method: 'POST',
      path: '/masks',
      id: 'addMask',
      summary: 'Mask a column for everybody but some roles and people, from their next request on',
      tag,
      access: 'policies:write',
      status: 201,
      body: MaskCreation,
      answer: Success(Mask),
      problems: [404, 409, 422],
    },
    async ({ actor, body }) => one(await masks.add(actor, body)),
  )
  route(
    app,
    {
      method: 'PATCH',
      path: '/masks/:id',
      id: 'changeMask',
      summary: 'Change what is shown of a masked column, or who sees it plainly',
      tag,
      access: 'policies:write',
      params: IdParams,
      body: MaskChange,
      answer: Success(Mask),
      problems: [404, 409],
    },
    async ({ actor, params, body }) => one(await masks.change(actor, params.id, body)),
  )
  route(
    app,
    {
      method: 'DELETE',
      path: '/masks/:id',
      id: 'removeMask',
      summary: 'Remove a mask; people see what the column holds at their next request',
      tag,
      access: 'policies:write',
      params: IdParams,
      answer: Success(Type.Null()),
      problems: [404],
    },
    async ({ actor, params }) => {
      await masks.remove(actor, params.id)
      return one(null)
    },
  )
}
