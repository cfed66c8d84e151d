import { finished } from 'node:stream/promises'
import type { FastifyInstance } from 'fastify'
import { BadRequest } from './faults.ts'

/** Longer ones are cut off: it would take more to read them than their sender is worth. */
const MAX_READ_BYTES = 16 * 1024 * 1024

/**
 * A body that is too long is read to nothing before it is refused. Who is still sending when the connection closes
 * sees a reset instead of the answer (RFC 9112, section 9.6).
 */
export function takeLongBodies(app: FastifyInstance, limit: number): void {
  app.addHook('preParsing', async (request) => {
    const length = Number(request.headers['content-length'])
    if (!(length > limit && length <= MAX_READ_BYTES)) return
    await finished(request.raw.resume()).catch(() => undefined)
    throw bodyTooLong()
  })
}

export function bodyTooLong(): BadRequest {
  return new BadRequest('body_too_large', 413, 'the body is longer than this route takes')
}
