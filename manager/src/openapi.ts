// Writes the OpenAPI document to standard output, without a store: `node manager/src/openapi.ts > openapi.json`.
import { pathToFileURL } from 'node:url'
import fastify from 'fastify'
import { Registry } from 'prom-client'
import { api } from './api.ts'
import { declare } from './http/declare.ts'
import { documentRoutes, openApiDocument } from './http/document.ts'
import { validatorCompiler } from './http/validate.ts'
import type { Services } from './parts.ts'
import { healthRoutes } from './status/health-routes.ts'
import type { Status } from './status/services.ts'
import { readVersion } from './version.ts'

export async function describeApi(): Promise<object> {
  // Routes are declared here, never called: no service is needed.
  const app = fastify()
  app.decorate('productVersion', readVersion())
  app.setValidatorCompiler(validatorCompiler)
  await documentRoutes(app)
  healthRoutes(app, {} as Status, new Registry())
  await app.register(
    declare((routes) => api(routes, {} as Services)),
    { prefix: '/api/v1' },
  )
  await app.ready()
  return openApiDocument(app)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.stdout.write(`${JSON.stringify(await describeApi(), undefined, 2)}\n`)
}
