// What gateways ask and tell. Both sides know the master key, so both can derive the token.
import { AuditBatch, GatewayStatus } from '@articdbm/contract'
import { isSameText, linkToken, type MasterKey } from '@articdbm/credential'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Audit } from '../audit/services.ts'
import { BadRequest, NotAuthenticated } from '../http/faults.ts'
import type { Followers } from '../publish/followers.ts'
import type { Publisher } from '../publish/publisher.ts'
import type { Status } from '../status/services.ts'

/** Some thousand events, most of them short; a gateway cuts long texts itself. */
const MAX_BATCH_BYTES = 128 * 1024 * 1024
const POLL_MS = 25_000
const NO_CONTENT = 204

const SnapshotQuery = Type.Object({
  after: Type.Integer({ minimum: -1, default: -1 }),
  gateway: Type.Optional(Type.String({ maxLength: 64 })),
})

export interface InternalParts {
  readonly master: MasterKey
  readonly publisher: Publisher
  readonly followers: Followers
  readonly audit: Audit
  readonly status: Status
  readonly stopping: AbortSignal
}

export function internalRoutes(app: FastifyInstance, parts: InternalParts): void {
  const token = linkToken(parts.master)
  app.addHook('onRequest', async (request) => assertGateway(request, token))
  snapshotRoute(app, parts)
  readLines(app)
  app.post<{ Body: Static<typeof AuditBatch> }>(
    '/audit',
    { bodyLimit: MAX_BATCH_BYTES, schema: { hide: true, body: AuditBatch } },
    async (request) => {
      await parts.audit.ingest(request.body)
      return { taken: request.body.events.length }
    },
  )
  app.post<{ Body: Static<typeof GatewayStatus> }>(
    '/status',
    { schema: { hide: true, body: GatewayStatus } },
    async (request, reply) => {
      await parts.status.take(request.body)
      return reply.code(NO_CONTENT).send()
    },
  )
}

/** Events as a gateway recorded them, one a line. */
function readLines(app: FastifyInstance): void {
  const options = { parseAs: 'string', bodyLimit: MAX_BATCH_BYTES } as const
  app.addContentTypeParser('application/x-ndjson', options, (_request, body, done) => {
    try {
      done(null, { events: `${body}`.split('\n').filter(Boolean).map(parseLine) })
    } catch {
      done(new BadRequest('invalid_json', 400, 'a line of the batch is not JSON'))
    }
  })
}

function parseLine(line: string): unknown {
  return JSON.parse(line)
}

function snapshotRoute(app: FastifyInstance, parts: InternalParts): void {
  const { publisher, followers, stopping } = parts
  app.get<{ Querystring: Static<typeof SnapshotQuery> }>(
    '/snapshot',
    { schema: { hide: true, querystring: SnapshotQuery } },
    async (request, reply) => {
      const { after, gateway } = request.query
      const gone = closed(reply)
      if (gateway) followers.has(gateway, after)
      const signal = AbortSignal.any([stopping, AbortSignal.timeout(POLL_MS), gone])
      const published = await publisher.newerThan(after, signal)
      if (gateway && gone.aborted) followers.left(gateway)
      if (!published) return reply.code(NO_CONTENT).send()
      return reply.type('application/json; charset=utf-8').send(published.json)
    },
  )
}

/** The response's own end, not the socket's: a gateway keeps one socket for all its polls. */
function closed(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => controller.abort())
  return controller.signal
}

function assertGateway(request: FastifyRequest, token: string): void {
  const given = request.headers.authorization ?? ''
  if (!isSameText(given, `Bearer ${token}`)) {
    throw new NotAuthenticated('only a gateway with our master key may ask this')
  }
}
