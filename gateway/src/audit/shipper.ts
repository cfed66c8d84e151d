// Brings the spool's events to the manager, oldest first, and deletes a segment once all of it was acknowledged.
import { open } from 'node:fs/promises'
import type { AuditEvent } from '@articdbm/contract'
import type { Log } from '../log.ts'
import { Trouble } from '../observe/trouble.ts'
import { decodeEvent } from './segment.ts'
import type { Segment, Spool } from './spool.ts'

const CHUNK_BYTES = 1 << 20
const MAX_EVENTS = 1_000
const PAUSE_MS = 50
const MAX_PAUSE_MS = 5_000
const LINE_FEED = 0x0a

export interface Shipment {
  readonly spool: Spool
  /** Resolves once the manager has stored the events; it takes each once, whatever is sent twice. */
  readonly send: (events: readonly AuditEvent[], signal: AbortSignal) => Promise<void>
  readonly log: Log
}

/** Runs until the signal aborts. What was not acknowledged by then is shipped at the next start. */
export async function shipAudit(shipment: Shipment, signal: AbortSignal): Promise<void> {
  const trouble = new Trouble(shipment.log, {
    begun: 'the manager did not take audit events: they wait in the spool',
    ended: 'the manager takes audit events again',
  })
  let pauseMs = PAUSE_MS
  while (!signal.aborted) {
    try {
      const isIdle = await shipNext(shipment, signal)
      trouble.over()
      pauseMs = PAUSE_MS
      if (isIdle) await pause(pauseMs, signal)
    } catch (error) {
      if (signal.aborted) return
      trouble.met(error)
      await pause(pauseMs, signal)
      pauseMs = Math.min(pauseMs * 2, MAX_PAUSE_MS)
    }
  }
}

/** Ships everything that is there now; for the end of the process. Throws when the manager doesn't take it. */
export async function shipRest(shipment: Shipment, signal: AbortSignal): Promise<void> {
  shipment.spool.rotate()
  while (shipment.spool.segments.length > 0) await shipNext(shipment, signal)
}

/** True when there was nothing to ship. */
async function shipNext({ spool, send, log }: Shipment, signal: AbortSignal): Promise<boolean> {
  const segment = spool.segments.find(({ bytes, shippedBytes }) => shippedBytes < bytes)
  if (segment) await shipFrom(segment, { send, log }, signal)
  for (const one of [...spool.segments]) {
    if (one.shippedBytes >= one.bytes) spool.discard(one)
  }
  return segment === undefined
}

async function shipFrom(
  segment: Segment,
  { send, log }: Pick<Shipment, 'send' | 'log'>,
  signal: AbortSignal,
): Promise<void> {
  const { events, bytes, torn } = await readEvents(segment, segment.shippedBytes)
  if (torn > 0)
    log.error({ segment: segment.path, torn }, 'audit lines were damaged and are left out')
  if (events.length > 0) await send(events, signal)
  segment.shippedBytes += bytes
}

interface Read {
  readonly events: readonly AuditEvent[]
  /** How far the whole lines reach. */
  readonly bytes: number
  readonly torn: number
}

async function readEvents(segment: Segment, start: number): Promise<Read> {
  const bytes = await readBytes(segment, start, Math.min(CHUNK_BYTES, segment.bytes - start))
  const lines = wholeLines(bytes)
  if (lines.length === 0) return readLongLine(segment, start, bytes.length)
  const taken = lines.slice(0, MAX_EVENTS)
  return decodeLines(
    taken,
    taken.reduce((sum, line) => sum + line.length + 1, 0),
  )
}

/** A line longer than a chunk is read whole; a tail without a line feed was torn by a crash. */
async function readLongLine(segment: Segment, start: number, length: number): Promise<Read> {
  const rest = segment.bytes - start
  if (length >= rest) return { events: [], bytes: rest, torn: 1 }
  const lines = wholeLines(await readBytes(segment, start, rest))
  const [first] = lines
  return first ? decodeLines([first], first.length + 1) : { events: [], bytes: rest, torn: 1 }
}

function decodeLines(lines: readonly Buffer[], bytes: number): Read {
  const events = lines.map((line) => decodeEvent(line.toString('utf8')))
  const whole = events.filter((event) => event !== undefined)
  return { events: whole, bytes, torn: events.length - whole.length }
}

function wholeLines(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = []
  let start = 0
  for (;;) {
    const end = bytes.indexOf(LINE_FEED, start)
    if (end === -1) return lines
    lines.push(bytes.subarray(start, end))
    start = end + 1
  }
}

async function readBytes(segment: Segment, start: number, length: number): Promise<Buffer> {
  const file = await open(segment.path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(length), 0, length, start)
    return buffer.subarray(0, bytesRead)
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
