// Brings the spool's events to the manager, oldest first, and deletes a segment once all of it was acknowledged.
import { open } from 'node:fs/promises'
import type { Log } from '../log.ts'
import { Trouble } from '../observe/trouble.ts'
import { countLines, readBlock } from './segment.ts'
import type { Segment, Spool } from './spool.ts'

const CHUNK_BYTES = 1 << 20
const MAX_EVENTS = 1_000
const PAUSE_MS = 50
const MAX_PAUSE_MS = 5_000
/** While there is traffic the manager rests after a batch up to this many times as long as the batch took. */
const REST_RATIO = 9
/** Records a second that count as traffic. */
const BUSY_RATE = 500
/** Less than this had better gather a little: a commit costs the manager as much as some hundred events. */
const SMALL_BYTES = 65_536
const GATHER_MS = 100
const MAX_REST_MS = 2_000

export interface Shipment {
  readonly spool: Spool
  /** Resolves once the manager has stored the events, one a line; it takes each once, whatever is sent twice. */
  readonly send: (lines: Buffer, signal: AbortSignal) => Promise<void>
  readonly log: Log
}

interface Shipping extends Shipment {
  /** What is read is read into it, again and again: new ones would have V8 look through all memory each time. */
  readonly chunk: Buffer
}

function withChunk(shipment: Shipment): Shipping {
  return { ...shipment, chunk: Buffer.allocUnsafeSlow(CHUNK_BYTES) }
}

/** Runs until the signal aborts. What was not acknowledged by then is shipped at the next start. */
export async function shipAudit(shipment: Shipment, signal: AbortSignal): Promise<void> {
  const trouble = new Trouble(shipment.log, {
    begun: 'the manager did not take audit events: they wait in the spool',
    ended: 'the manager takes audit events again',
  })
  const traffic = new Traffic(shipment.spool)
  const shipping = withChunk(shipment)
  let pauseMs = PAUSE_MS
  while (!signal.aborted) {
    const begunMs = performance.now()
    try {
      const isIdle = await shipNext(shipping, signal)
      trouble.over()
      pauseMs = PAUSE_MS
      await pause(isIdle ? pauseMs : traffic.restMs(performance.now() - begunMs), signal)
    } catch (error) {
      if (signal.aborted) return
      trouble.met(error)
      await pause(pauseMs, signal)
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)
    }
  }
}

/** Traffic comes before its evidence: the less so, the fuller the spool is. */
class Traffic {
  readonly #spool: Spool
  #recorded = 0
  #sinceMs = performance.now()

  constructor(spool: Spool) {
    this.#spool = spool
  }

  /** After a batch that took so long. */
  restMs(tookMs: number): number {
    const nowMs = performance.now()
    const rate = ((this.#spool.recorded - this.#recorded) / (nowMs - this.#sinceMs)) * 1_000
    this.#recorded = this.#spool.recorded
    this.#sinceMs = nowMs
    const leastMs = this.#spool.backlog < SMALL_BYTES ? GATHER_MS : 0
    if (rate <= BUSY_RATE) return leastMs
    const patience = Math.max(0, 1 - this.#spool.pressure)
    return Math.min(MAX_REST_MS, Math.max(leastMs, tookMs * REST_RATIO * patience))
  }
}

/** Ships everything that is there now; for the end of the process. Throws when the manager doesn't take it. */
export async function shipRest(shipment: Shipment, signal: AbortSignal): Promise<void> {
  shipment.spool.rotate()
  const shipping = withChunk(shipment)
  while (shipment.spool.segments.length > 0) await shipNext(shipping, signal)
}

/** True when there was nothing to ship. */
async function shipNext(shipping: Shipping, signal: AbortSignal): Promise<boolean> {
  const { spool } = shipping
  const segment = spool.segments.find(({ bytes, shippedBytes }) => shippedBytes < bytes)
  if (segment) await shipFrom(segment, shipping, signal)
  for (const one of [...spool.segments]) {
    if (one.shippedBytes >= one.bytes) spool.discard(one)
  }
  return segment === undefined
}

async function shipFrom(
  segment: Segment,
  { send, log, chunk }: Omit<Shipping, 'spool'>,
  signal: AbortSignal,
): Promise<void> {
  const { lines, bytes, torn } = await readBlocks(segment, segment.shippedBytes, chunk)
  if (torn > 0)
    log.error({ segment: segment.path, torn }, 'audit blocks were damaged and are left out')
  if (lines.length > 0) await send(lines, signal)
  segment.shippedBytes += bytes
}

interface Read {
  /** Of all blocks that are whole. */
  readonly lines: Buffer
  /** How far the blocks reach that were read. */
  readonly bytes: number
  readonly torn: number
}

/** As many whole blocks as make a batch, and at least one, however long it is. */
async function readBlocks(segment: Segment, start: number, chunk: Buffer): Promise<Read> {
  const left = segment.bytes - start
  const bytes = await readBytes(segment, start, chunk.subarray(0, left))
  const first = readBlock(bytes, 0)
  if (typeof first !== 'number') return collectBlocks(bytes, left)
  // Its end was torn off by a crash.
  if (first > left) return { lines: bytes.subarray(0, 0), bytes: left, torn: 1 }
  return collectBlocks(await readBytes(segment, start, Buffer.allocUnsafe(first)), left)
}

/** The lines are moved together where they are. */
function collectBlocks(bytes: Buffer, left: number): Read {
  let [at, filled, torn] = [0, 0, 0]
  const lines = () => bytes.subarray(0, filled)
  for (let events = 0; events < MAX_EVENTS && at < bytes.length; ) {
    const block = readBlock(bytes, at)
    if (typeof block === 'number') break
    // Without a header nobody knows where the next block begins.
    if (!block) return { lines: lines(), bytes: left, torn: torn + 1 }
    const { body, end } = block
    if (!body) torn += 1
    else {
      events += countLines(body)
      bytes.copyWithin(filled, end - body.length, end)
      filled += body.length
    }
    at = end
  }
  return { lines: lines(), bytes: at, torn }
}

async function readBytes(segment: Segment, start: number, into: Buffer): Promise<Buffer> {
  const file = await open(segment.path, 'r')
  try {
    const { bytesRead } = await file.read(into, 0, into.length, start)
    return into.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
