// Memory of a client that is logged in and says nothing.
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { residentKb } from '../measure/processes.ts'
import type { Address, Way } from '../ways/way.ts'
import type { Circumstances, IdleLoad, Observed } from './load.ts'
import { streamOf } from './stream.ts'

const AT_ONCE = 32
const WARM_UP_CLIENTS = 200
const REST_MS = 5_000
/** Files that are open besides the clients' sockets. */
const SPARE_FILES = 200

export async function holdIdleClients(
  { clients }: IdleLoad,
  { way }: Circumstances,
): Promise<Observed> {
  requireFiles(clients + SPARE_FILES)
  await leave(await arrive(way.address, WARM_UP_CLIENTS))
  const before = await restingKb(way)
  const idle = await arrive(way.address, clients)
  try {
    const after = await restingKb(way)
    const gone = idle.filter((client) => streamOf(client).readyState !== 'open').length
    if (gone > 0) throw new Error(`${gone} of ${clients} clients were closed`)
    return { figures: { perClientKb: (after - before) / clients } }
  } finally {
    await leave(idle)
  }
}

/** Once nothing is left to do, and the collector had its chance. */
async function restingKb(way: Way): Promise<number> {
  await way.settle()
  await sleep(REST_MS)
  return residentKb(way.pids)
}

async function arrive(address: Address, count: number): Promise<readonly pg.Client[]> {
  const arrived: pg.Client[] = []
  let left = count
  const logIn = async (): Promise<void> => {
    while (left > 0) {
      left -= 1
      const client = new pg.Client({ ...address, connectionTimeoutMillis: 60_000 })
      client.on('error', () => undefined) // who was closed is counted at the end
      await client.connect()
      arrived.push(client)
    }
  }
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, logIn))
    return arrived
  } catch (error) {
    left = 0
    await leave(arrived)
    throw error
  }
}

async function leave(clients: readonly pg.Client[]): Promise<void> {
  await Promise.allSettled(clients.map((client) => client.end()))
}

function requireFiles(needed: number): void {
  const limits = readFileSync('/proc/self/limits', 'utf8')
  const allowed = Number(limits.match(/^Max open files +(\d+)/m)?.[1] ?? Number.POSITIVE_INFINITY)
  if (allowed >= needed) return
  throw new Error(`needs ${needed} open files, and this system allows ${allowed} (ulimit -n)`)
}
