import type { DatabaseTest } from '@articdbm/contract'
import type { Databases } from '../databases/services.ts'
import { DoorError } from './door-error.ts'
import { type DoorParts, openDoor } from './open-door.ts'
import { engineOf } from './query.ts'

/** Asks through the gateway's door whether the backend answers. The token's scope allows nothing else. */
export function createProbe(parts: DoorParts): Databases['test'] {
  return async (actor, database) => {
    const engine = await engineOf(parts, database)
    const request = { actor, database, engine, door: 'rest', scope: 'probe' } as const
    try {
      const connection = await openDoor(parts, { ...request, onNotice: () => undefined })
      try {
        const startedMs = performance.now()
        const pieces = connection.execute({ sql: 'SELECT 1', parameters: undefined, pageRows: 2 })
        for await (const _ of pieces);
        return reached(performance.now() - startedMs, connection.serverVersion())
      } finally {
        await connection.close()
      }
    } catch (error) {
      if (error instanceof DoorError) return unreached(error.message)
      throw error
    }
  }
}

function reached(latencyMs: number, serverVersion: string): DatabaseTest {
  const rounded = Math.round(latencyMs * 100) / 100
  return {
    isReachable: true,
    latencyMs: rounded,
    serverVersion: serverVersion || null,
    message: '',
  }
}

function unreached(message: string): DatabaseTest {
  return { isReachable: false, latencyMs: null, serverVersion: null, message }
}
