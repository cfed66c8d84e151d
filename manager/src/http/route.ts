// How a REST route is declared: one value says path, access, shapes and problems; the rest is common to all.
import { Problem } from '@articdbm/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, type TSchema, type TUnknown, Type } from 'typebox'
import type { Actor } from '../identity/actor.ts'
import type { Permission } from '../identity/permissions.ts'

/** `anonymous`: no credential needed. `self`: any person, even with a password yet to be changed. */
export type Access = Permission | 'anonymous' | 'self'

declare module 'fastify' {
  interface FastifyInstance {
    productVersion: string
  }
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    actor: Actor | undefined
  }
}

export interface RouteSpec<
  E extends TSchema,
  B extends TSchema = TUnknown,
  Q extends TSchema = TUnknown,
  P extends TSchema = TUnknown,
> {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  /** Below /api/v1, with `:name` for parameters. */
  readonly path: string
  readonly id: string
  readonly summary: string
  readonly tag: string
  readonly access: Access
  readonly status?: 200 | 201
  readonly body?: B
  readonly query?: Q
  readonly params?: P
  /** The whole envelope of success. */
  readonly answer: E
  /** HTTP status codes of the route's own problems; those of access and validation are added. */
  readonly problems?: readonly number[]
}

export interface Call<B extends TSchema, Q extends TSchema, P extends TSchema> {
  readonly body: Static<B>
  readonly query: Static<Q>
  readonly params: Static<P>
  /** Throws where the route is anonymous. */
  readonly actor: Actor
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

/** What a route returns: the envelope without what every envelope has. */
export interface Answer<E extends TSchema> {
  readonly data: Static<E> extends { data: infer D } ? D : never
  readonly meta: Static<E> extends { meta: infer M } ? Omit<M, 'version' | 'requestId'> : never
}

export const NameParams = Type.Object({ name: Type.String({ minLength: 1, maxLength: 63 }) })
export const IdParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) })

export function one<T>(data: T): { readonly data: T; readonly meta: object } {
  return { data, meta: {} }
}

export interface Slice {
  readonly limit?: number
  readonly offset?: number
}

export function page<T>(found: { readonly items: T[]; readonly total: number }, slice: Slice) {
  const { limit = 50, offset = 0 } = slice
  return { data: found.items, meta: { total: found.total, limit, offset } }
}

export function route<
  E extends TSchema,
  B extends TSchema = TUnknown,
  Q extends TSchema = TUnknown,
  P extends TSchema = TUnknown,
>(
  app: FastifyInstance,
  spec: RouteSpec<E, B, Q, P>,
  answer: (call: Call<B, Q, P>) => Promise<Answer<E>>,
): void {
  const status = spec.status ?? 200
  app.route({
    method: spec.method,
    url: spec.path,
    config: { access: spec.access },
    schema: schemaOf(spec),
    handler: async (request, reply) => {
      const answered = await answer(callOf(request, reply))
      return reply.code(status).send({
        status: 'success',
        data: answered.data,
        meta: { version: app.productVersion, requestId: request.id, ...answered.meta },
      })
    },
  })
}

function callOf<B extends TSchema, Q extends TSchema, P extends TSchema>(
  request: FastifyRequest,
  reply: FastifyReply,
): Call<B, Q, P> {
  return {
    // Validated against the very schemas that these types come from.
    body: request.body as Static<B>,
    query: request.query as Static<Q>,
    params: request.params as Static<P>,
    get actor() {
      if (!request.actor) throw new Error('an anonymous route asked who acts')
      return request.actor
    },
    request,
    reply,
  }
}

function schemaOf(spec: RouteSpec<TSchema, TSchema, TSchema, TSchema>): object {
  return {
    operationId: spec.id,
    summary: spec.summary,
    tags: [spec.tag],
    'x-access': spec.access,
    ...(spec.access === 'anonymous' ? { security: [] } : {}),
    ...(spec.body ? { body: spec.body } : {}),
    ...(spec.query ? { querystring: spec.query } : {}),
    ...(spec.params ? { params: spec.params } : {}),
    response: {
      [spec.status ?? 200]: spec.answer,
      ...Object.fromEntries(problemStatuses(spec).map((status) => [status, Problem])),
    },
  }
}

function problemStatuses(spec: RouteSpec<TSchema, TSchema, TSchema, TSchema>): readonly number[] {
  const hasInput = spec.body !== undefined || spec.query !== undefined || spec.params !== undefined
  const statuses = new Set<number>([...(spec.problems ?? []), 429, 500, 503])
  if (hasInput) statuses.add(400)
  if (spec.body !== undefined) statuses.add(413).add(415)
  if (spec.access !== 'anonymous') statuses.add(401)
  if (spec.access !== 'anonymous' || spec.method !== 'GET') statuses.add(403)
  return [...statuses].sort()
}
