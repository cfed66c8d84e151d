// Whether honest people notice anything.
import assert from 'node:assert/strict'
import { attempt, doorsOf } from '../support/doors.ts'
import type { Victim } from './assault.ts'

export function pidsOf({ product }: Victim): readonly number[] {
  return [product.pid('gateway'), product.pid('manager')]
}

/** An ordinary session on each door of each engine, by the processes of the beginning. */
export async function allIsWell(victim: Victim, pids: readonly number[]): Promise<void> {
  assert.deepEqual(pidsOf(victim), pids)
  for (const pid of pids) process.kill(pid, 0)
  const { product } = victim
  for (const { engine, name } of victim.databases) {
    for (const door of doorsOf(engine)) {
      const wish = { database: name, statements: ['SELECT count(*) AS n FROM orders'] }
      const { rows, message } = await attempt(product, product.owner, door, wish)
      assert.ok(Number(rows[0]?.[0]) > 0, `${engine} by ${door}: ${message}`)
    }
  }
}
