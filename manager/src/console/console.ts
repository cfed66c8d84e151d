import type { FastifyInstance } from 'fastify'
import type { Databases } from '../databases/services.ts'
import { type ConsoleSocketParts, consoleSocket } from './console-socket.ts'
import type { DoorParts } from './open-door.ts'
import { createProbe } from './probe.ts'
import { createQueries } from './query.ts'
import type { Queries } from './services.ts'

export interface Console {
  readonly queries: Queries
  readonly test: Databases['test']
  socket(app: FastifyInstance, parts: ConsoleSocketParts): void
}

/** All that touches a managed database, and all of it as a client of a gateway's door. */
export function createConsole(door: DoorParts): Console {
  return {
    queries: createQueries(door),
    test: createProbe(door),
    socket: (app, parts) => consoleSocket(app, door, parts),
  }
}
