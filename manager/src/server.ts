import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import underPressure from '@fastify/under-pressure'
import websocket from '@fastify/websocket'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { api } from './api.ts'
import type { Config } from './config.ts'
import { authenticateRequests } from './http/authenticate.ts'
import { declare } from './http/declare.ts'
import { documentRoutes, openApiDocument } from './http/document.ts'
import { Overloaded } from './http/faults.ts'
import { refuseDeepJson } from './http/json.ts'
import { takeLongBodies } from './http/long-body.ts'
import { presentProblems } from './http/problem.ts'
import { validatorCompiler } from './http/validate.ts'
import { type InternalParts, internalRoutes } from './internal/routes.ts'
import type { Services } from './parts.ts'
import { healthRoutes } from './status/health-routes.ts'
import type { Metrics } from './status/metrics.ts'

/** A console's statement may have a million characters. */
const BODY_LIMIT = 5 * 1024 * 1024
const MAX_SOCKET_MESSAGE = 5 * 1024 * 1024
const MAX_HEADERS_MS = 30_000
const LOOK_FOR_LATE_EVERY_MS = 1_000
const MAX_EVENT_LOOP_DELAY_MS = 5_000
const REQUEST_ID = /^[A-Za-z0-9_-]{8,64}$/

export interface ServerParts {
  readonly config: Config
  readonly version: string
  readonly log: FastifyBaseLogger
  readonly metrics: Metrics
  readonly services: Services
  readonly internal: InternalParts
  /** Live events and the console. */
  readonly sockets: (app: FastifyInstance) => void
}

export async function createServer(parts: ServerParts): Promise<FastifyInstance> {
  const { config, services } = parts
  const app = fastify({
    loggerInstance: parts.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    genReqId: ({ headers }) => givenRequestId(headers['x-request-id']) ?? randomUUID(),
    forceCloseConnections: 'idle',
    ...arrivalLimits(config.requestTimeoutMs),
  })
  app.decorate('productVersion', parts.version)
  app.setValidatorCompiler(validatorCompiler)
  presentProblems(app)
  await addPlugins(app)
  measure(app, parts.metrics)
  takeLongBodies(app, BODY_LIMIT)
  refuseDeepJson(app)
  authenticateRequests(app, { logins: services.logins, webOrigins: config.webOrigins })
  await documentRoutes(app)
  healthRoutes(app, services.status, parts.metrics.registry)
  app.get('/api/v1/openapi.json', { schema: { hide: true } }, async () => openApiDocument(app))
  await app.register(
    declare((routes) => api(routes, services)),
    { prefix: '/api/v1' },
  )
  await app.register(
    declare((routes) => internalRoutes(routes, parts.internal)),
    { prefix: '/internal/v1' },
  )
  await app.register(declare(parts.sockets), { prefix: '/api/v1' })
  return app
}

/** fastify's own default lets a body that never ends stay for ever. */
function arrivalLimits(requestTimeout: number) {
  const headersTimeout = Math.min(requestTimeout, MAX_HEADERS_MS)
  return {
    requestTimeout,
    http: { headersTimeout, connectionsCheckingInterval: LOOK_FOR_LATE_EVERY_MS },
  }
}

function givenRequestId(given: string | string[] | undefined): string | undefined {
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : undefined
}

async function addPlugins(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
  })
  await app.register(cookie)
  await app.register(underPressure, {
    maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
    retryAfter: 5,
    // What keeps the product going is taken whatever the load; a person is asked to come again. A delay that is
    // no number says only that nobody measured: one long moment was in the way.
    pressureHandler: (request, _reply, _type, delayMs) => {
      if (!request.url.startsWith('/api/v1/') || !Number.isFinite(delayMs)) return
      throw new Overloaded()
    },
  })
  await app.register(websocket, { options: { maxPayload: MAX_SOCKET_MESSAGE } })
}

function measure(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    metrics.requestEnded(route, request.method, reply.statusCode, reply.elapsedTime / 1000)
    request.log.debug({ route, status: reply.statusCode, ms: reply.elapsedTime }, 'answered')
  })
}
