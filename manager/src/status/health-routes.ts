import { Health, Problem, Success } from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'
import { Type } from 'typebox'
import type { Status } from './services.ts'

const tag = 'status'

/** For load balancers and Prometheus: short, open, and never under a credential. */
export function healthRoutes(app: FastifyInstance, status: Status, registry: Registry): void {
  const answer = (requestId: string) => ({
    status: 'success',
    data: { state: 'ok' },
    meta: { version: app.productVersion, requestId },
  })
  for (const [path, id] of [
    ['/healthz', 'getLiveness'],
    ['/api/health', 'getHealth'],
  ] as const) {
    app.get(path, { schema: schemaOf(id, 'The process is alive') }, async (request) =>
      answer(request.id),
    )
  }
  app.get(
    '/readyz',
    { schema: schemaOf('getReadiness', 'The store answers and the process is not draining') },
    async (request) => {
      await status.assertReady()
      return answer(request.id)
    },
  )
  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        summary: 'Prometheus metrics',
        tags: [tag],
        security: [],
        'x-access': 'anonymous',
        response: { 200: { content: { 'text/plain': { schema: Type.String() } } } },
      },
    },
    async (_request, reply) => {
      const text = await registry.metrics()
      return reply.type(registry.contentType).serializer(String).send(text)
    },
  )
}

function schemaOf(operationId: string, summary: string) {
  return {
    operationId,
    summary,
    tags: [tag],
    security: [],
    'x-access': 'anonymous',
    response: { 200: Success(Health), 503: Problem },
  }
}
