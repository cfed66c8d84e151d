// /metrics, /healthz and /readyz of the gateway.
import fastify, { type FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

export interface HealthOptions {
  readonly host: string
  readonly port: number
  readonly registry: Registry
  /** Why the gateway takes no sessions now; undefined when it does. */
  readonly notReady: () => string | undefined
}

export async function startHealthServer(options: HealthOptions): Promise<FastifyInstance> {
  const server = fastify({ logger: false, forceCloseConnections: true })
  server.get('/healthz', async () => ({ status: 'alive' }))
  server.get('/readyz', async (_request, reply) => {
    const why = options.notReady()
    return why === undefined
      ? { status: 'ready' }
      : reply.code(503).send({ status: 'not ready', why })
  })
  server.get('/metrics', async (_request, reply) => {
    reply.type(options.registry.contentType)
    return options.registry.metrics()
  })
  await server.listen({ host: options.host, port: options.port })
  return server
}
