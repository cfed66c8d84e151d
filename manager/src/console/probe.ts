import type { DatabaseTest, Engine } from '@articdbm/contract'
import type { Databases } from '../databases/services.ts'
import type { DoorConnection } from './door.ts'
import { DoorError } from './door-error.ts'
import { type DoorParts, openDoor } from './open-door.ts'
import { engineOf } from './query.ts'

const QUESTIONS: Partial<Record<Engine, string>> = {
  postgres: 'SHOW server_version',
  sqlite: "SELECT 'SQLite ' || sqlite_version()",
}

/** Asks through the gateway's door whether the backend answers. The token's scope allows nothing else. */
export function createProbe(parts: DoorParts): Databases['test'] {
  return async (actor, database) => {
    const engine = await engineOf(parts, database)
    const request = { actor, database, engine, door: 'rest', scope: 'probe' } as const
    try {
      const connection = await openDoor(parts, { ...request, onNotice: () => undefined })
      try {
        const startedMs = performance.now()
        const sql = QUESTIONS[engine] ?? 'SELECT version()'
        const version = await ask(connection, sql)
        return reached(performance.now() - startedMs, version)
      } finally {
        await connection.close()
      }
    } catch (error) {
      if (error instanceof DoorError) return unreached(error.message)
      throw error
    }
  }
}

/** The first cell of the answer, which only the backend itself can know. */
async function ask(connection: DoorConnection, sql: string): Promise<string> {
  let answer = ''
  for await (const piece of connection.execute({ sql, parameters: undefined, pageRows: 2 })) {
    if (piece.kind === 'rows') answer = String(piece.rows[0]?.[0] ?? '')
  }
  return answer
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
