import type { FastifyInstance, FastifyPluginCallback } from 'fastify'

/** Routes of one prefix, with the hooks that they add for themselves. */
export function declare(routes: (app: FastifyInstance) => void): FastifyPluginCallback {
  return (app, _options, done) => {
    routes(app)
    done()
  }
}
