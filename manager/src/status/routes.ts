import { Success, SystemStatus } from '@articdbm/contract'
import type { FastifyInstance } from 'fastify'
import { one, route } from '../http/route.ts'
import type { Status } from './services.ts'

export function statusRoutes(app: FastifyInstance, status: Status): void {
  route(
    app,
    {
      method: 'GET',
      path: '/status',
      id: 'getStatus',
      summary: "Processes, gateways and databases' health",
      tag: 'status',
      access: 'status:read',
      answer: Success(SystemStatus),
    },
    async () => one(await status.system()),
  )
}
