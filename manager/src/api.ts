import type { FastifyInstance } from 'fastify'
import { auditRoutes } from './audit/routes.ts'
import { queryRoutes } from './console/routes.ts'
import { databaseRoutes } from './databases/routes.ts'
import { firewallRoutes } from './firewall/routes.ts'
import { grantRoutes } from './grants/routes.ts'
import { apiKeyRoutes } from './identity/api-key-routes.ts'
import { identityRoutes } from './identity/routes.ts'
import { userRoutes } from './identity/user-routes.ts'
import { learningRoutes } from './learning/routes.ts'
import { maskRoutes } from './masks/routes.ts'
import type { Services } from './parts.ts'
import { sqlFileRoutes } from './sql-files/routes.ts'
import { statusRoutes } from './status/routes.ts'

/** Every route of /api/v1. */
export function api(app: FastifyInstance, services: Services): void {
  identityRoutes(app, services)
  userRoutes(app, services.users)
  apiKeyRoutes(app, services.apiKeys)
  databaseRoutes(app, services.databases)
  queryRoutes(app, services.queries)
  grantRoutes(app, services.grants)
  firewallRoutes(app, services)
  maskRoutes(app, services.masks)
  learningRoutes(app, services.learning)
  sqlFileRoutes(app, services.sqlFiles)
  auditRoutes(app, services.audit)
  statusRoutes(app, services.status)
}
