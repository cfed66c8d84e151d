// Memory of the proxy while a large result waits for a client that reads slowly.
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { residentKb } from '../measure/processes.ts'
import type { Circumstances, Observed, SlowReaderLoad } from './load.ts'
import { streamOf } from './stream.ts'

const BYTES_A_ROW = 8_000
const BYTES_A_GIGABYTE = 1e9
const BYTES_A_MEGABYTE = 1e6
const LOOK_EVERY_MS = 250

/** The protocol's last word on a query: ReadyForQuery, outside a transaction. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49])

export async function readSlowly(
  { megabytesPerSecond }: SlowReaderLoad,
  { way, gigabytes }: Circumstances,
): Promise<Observed> {
  const client = new pg.Client({ ...way.address })
  client.on('error', () => undefined) // an early end is seen by its length
  await client.connect()
  await client.query('SELECT 1')
  const before = residentKb(way.pids)
  const memory = new HighWater(() => residentKb(way.pids))
  const bytes = gigabytes * BYTES_A_GIGABYTE
  const read = await receive(client, { bytes, rate: megabytesPerSecond * BYTES_A_MEGABYTE, memory })
  if (read < bytes) throw new Error(`the result ended after ${read} of ${bytes} bytes`)
  return { figures: { growthMb: (memory.highest - before) / 1024 } }
}

interface Reading {
  readonly bytes: number
  /** Bytes a second. */
  readonly rate: number
  readonly memory: HighWater
}

/** Reads past the driver, which would make objects of it all, and tells how many bytes came. */
async function receive(client: pg.Client, { bytes, rate, memory }: Reading): Promise<number> {
  const stream = streamOf(client)
  stream.removeAllListeners('data')
  stream.pause()
  stream.write(queryMessage(bytes))
  const begun = performance.now()
  let total = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    total += chunk.length
    memory.look()
    if (chunk.subarray(-READY.length).equals(READY)) break
    const aheadMs = (total / rate) * 1000 - (performance.now() - begun)
    if (aheadMs > 0) await sleep(aheadMs)
  }
  stream.destroy()
  return total
}

function queryMessage(bytes: number): Buffer {
  const rows = Math.ceil(bytes / BYTES_A_ROW)
  const sql = `SELECT repeat('x', ${BYTES_A_ROW}) FROM generate_series(1, ${rows})\0`
  const message = Buffer.alloc(5 + sql.length)
  message.write('Q')
  message.writeInt32BE(4 + sql.length, 1)
  message.write(sql, 5)
  return message
}

/** The most that was seen, looked at now and then. */
class HighWater {
  highest = 0
  #lookedAt = Number.NEGATIVE_INFINITY
  readonly #measure: () => number

  constructor(measure: () => number) {
    this.#measure = measure
  }

  look(): void {
    if (performance.now() - this.#lookedAt < LOOK_EVERY_MS) return
    this.#lookedAt = performance.now()
    this.highest = Math.max(this.highest, this.#measure())
  }
}
