import { ApiKey, ApiKeyCreation, CreatedApiKey, Success } from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { IdParams, one, route } from '../http/route.ts'
import type { ApiKeys } from './services.ts'

const tag = 'api-keys'

export function apiKeyRoutes(app: FastifyInstance, apiKeys: ApiKeys): void {
  route(
    app,
    {
      method: 'GET',
      path: '/api-keys',
      id: 'listApiKeys',
      summary: "My API keys; an administrator sees everybody's",
      tag,
      access: 'self:write',
      answer: Success(Type.Array(ApiKey)),
    },
    async ({ actor }) => one(await apiKeys.list(actor)),
  )
  route(
    app,
    {
      method: 'POST',
      path: '/api-keys',
      id: 'createApiKey',
      summary: 'Make an API key that acts as me; it is shown once',
      tag,
      access: 'self:write',
      status: 201,
      body: ApiKeyCreation,
      answer: Success(CreatedApiKey),
      problems: [422],
    },
    async ({ actor, body }) => one(await apiKeys.create(actor, body)),
  )
  route(
    app,
    {
      method: 'DELETE',
      path: '/api-keys/:id',
      id: 'revokeApiKey',
      summary: 'Revoke a key of mine; an administrator may revoke any',
      tag,
      access: 'self:write',
      params: IdParams,
      answer: Success(Type.Null()),
      problems: [404],
    },
    async ({ actor, params }) => {
      await apiKeys.revoke(actor, params.id)
      return one(null)
    },
  )
}
