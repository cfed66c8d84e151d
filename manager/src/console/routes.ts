import { QueryRequest, QueryResult, Success } from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import { NameParams, one, route } from '../http/route.ts'
import type { Queries } from './services.ts'

export function queryRoutes(app: FastifyInstance, queries: Queries): void {
  route(
    app,
    {
      method: 'POST',
      path: '/databases/:name/query',
      id: 'queryDatabase',
      summary: "Execute SQL through the gateway's door, as me",
      tag: 'databases',
      access: 'databases:query',
      params: NameParams,
      body: QueryRequest,
      answer: Success(QueryResult),
      problems: [404, 409, 422, 499, 502, 504],
    },
    async ({ actor, params, body }) => one(await queries.answer(actor, params.name, body)),
  )
}
