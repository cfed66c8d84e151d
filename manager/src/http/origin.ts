import type { FastifyRequest } from 'fastify'

/** Does the page that asks come from us, or from an origin that we were told of? */
export function isOwnOrigin(request: FastifyRequest, origins: readonly string[]): boolean {
  const origin = request.headers.origin
  if (origin === undefined) return false
  return origins.includes(origin) || origin === `${request.protocol}://${request.host}`
}
