// Where audit events wait until the manager has them. Written before a statement is forwarded: once `write` has
// returned, the events are the kernel's and survive this process; with `durability: disk` they survive the machine.
import {
  closeSync,
  fdatasync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type AuditEvent, AuditUnavailable } from '@articdbm/contract'
import { encodeEvent } from './segment.ts'

const syncToDisk = promisify(fdatasync)
const SUFFIX = '.audit'
const NOTE_DELAY_MS = 10

export interface SpoolOptions {
  readonly directory: string
  readonly maxSegmentBytes: number
  /** Beyond this nothing is forwarded any more: the manager has been away for too long. */
  readonly maxBytes: number
  readonly durability: 'process' | 'disk'
}

export interface Segment {
  readonly path: string
  /** Bytes that are whole events. */
  bytes: number
  /** Of these, bytes that the manager has acknowledged to this process. */
  shippedBytes: number
}

interface Waiting {
  readonly lines: string
  readonly resolve: () => void
  readonly reject: (fault: Error) => void
}

export class Spool {
  readonly #options: SpoolOptions
  readonly #closed: Segment[]
  #open: { readonly segment: Segment; readonly fd: number } | undefined
  #waiting: Waiting[] = []
  #isScheduled = false
  #noting: NodeJS.Timeout | undefined
  #number: number

  constructor(options: SpoolOptions) {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 })
    this.#options = options
    this.#closed = leftovers(options.directory)
    this.#number = nextNumber(this.#closed)
  }

  /** Segments with something in them, oldest first. */
  get segments(): readonly Segment[] {
    return this.#open ? [...this.#closed, this.#open.segment] : this.#closed
  }

  get bytes(): number {
    return this.segments.reduce((sum, segment) => sum + segment.bytes, 0)
  }

  /** Bytes that the manager has not acknowledged yet. */
  get backlog(): number {
    return this.segments.reduce((sum, { bytes, shippedBytes }) => sum + bytes - shippedBytes, 0)
  }

  /** Resolves when the events can't be lost any more. Rejects with AuditUnavailable. */
  append(events: readonly AuditEvent[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#waiting.push({ lines: events.map(encodeEvent).join(''), resolve, reject })
    this.#schedule()
    return promise
  }

  /** For what nobody waits for: it is written along with the next append, or within moments. */
  note(event: AuditEvent, onLost: (fault: Error) => void): void {
    this.#waiting.push({ lines: encodeEvent(event), resolve: () => undefined, reject: onLost })
    this.#noting ??= setTimeout(() => this.#flush(), NOTE_DELAY_MS)
  }

  /** Starts a new segment, so that all earlier ones can be shipped and deleted. */
  rotate(): void {
    if (!this.#open) return
    closeSync(this.#open.fd)
    this.#closed.push(this.#open.segment)
    this.#open = undefined
  }

  /** The manager has acknowledged all of it. */
  discard(segment: Segment): void {
    const at = this.#closed.indexOf(segment)
    if (at === -1) return
    this.#closed.splice(at, 1)
    unlinkSync(segment.path)
  }

  close(): void {
    this.#flush()
    this.rotate()
  }

  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    // Everything that arrives in this turn of the event loop shares one write.
    setImmediate(() => this.#flush())
  }

  #flush(): void {
    this.#isScheduled = false
    clearTimeout(this.#noting)
    this.#noting = undefined
    const batch = this.#waiting
    this.#waiting = []
    if (batch.length === 0) return
    try {
      const fd = this.#write(Buffer.from(batch.map(({ lines }) => lines).join('')))
      this.#settle(batch, fd)
    } catch (error) {
      refuse(batch, error instanceof Error ? error : new Error(String(error)))
    }
  }

  #settle(batch: readonly Waiting[], fd: number): void {
    if (this.#options.durability === 'process') {
      accept(batch)
      return
    }
    syncToDisk(fd).then(
      () => accept(batch),
      (error: Error) => refuse(batch, error),
    )
  }

  #write(bytes: Buffer): number {
    if (this.bytes + bytes.length > this.#options.maxBytes) {
      throw new Error('the audit spool is full: the manager has not taken its events')
    }
    const { segment, fd } = this.#current(bytes.length)
    try {
      writeWhole(fd, bytes, segment.bytes)
    } catch (error) {
      // A torn record must not stand in front of the next one.
      ftruncateSync(fd, segment.bytes)
      throw error
    }
    segment.bytes += bytes.length
    return fd
  }

  #current(bytes: number): { readonly segment: Segment; readonly fd: number } {
    const isFull = this.#open && this.#open.segment.bytes + bytes > this.#options.maxSegmentBytes
    if (isFull) this.rotate()
    this.#open ??= this.#create()
    return this.#open
  }

  #create(): { readonly segment: Segment; readonly fd: number } {
    const name = `${String(this.#number).padStart(12, '0')}${SUFFIX}`
    this.#number += 1
    const path = join(this.#options.directory, name)
    return { segment: { path, bytes: 0, shippedBytes: 0 }, fd: openSync(path, 'wx', 0o600) }
  }
}

function accept(batch: readonly Waiting[]): void {
  for (const { resolve } of batch) resolve()
}

function refuse(batch: readonly Waiting[], error: Error): void {
  const fault = new AuditUnavailable(error.message)
  for (const { reject } of batch) reject(fault)
}

function writeWhole(fd: number, bytes: Buffer, position: number): void {
  let written = 0
  while (written < bytes.length) {
    written += writeSync(fd, bytes, written, bytes.length - written, position + written)
  }
}

function leftovers(directory: string): Segment[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(SUFFIX))
    .sort()
    .map((name) => join(directory, name))
    .map((path) => ({ path, bytes: statSync(path).size, shippedBytes: 0 }))
}

function nextNumber(segments: readonly Segment[]): number {
  const last = segments.at(-1)?.path.match(/(\d+)\.audit$/)?.[1]
  return last === undefined ? 1 : Number(last) + 1
}
