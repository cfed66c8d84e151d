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
import { encodeBlock, linesOf } from './segment.ts'

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

/** Called once the lines can't be lost any more, or with the fault that keeps them from being recorded. */
export type Recorded = (fault: AuditUnavailable | undefined) => void

/** Beyond this share of `maxBytes` the manager is given no rest. */
const FILLING_RATIO = 0.25

export class Spool {
  readonly #options: SpoolOptions
  readonly #closed: Segment[]
  #open: { readonly segment: Segment; readonly fd: number } | undefined
  #lines: string[] = []
  #waiting: Recorded[] = []
  #bytes: number
  #recorded = 0
  #isScheduled = false
  #noting: NodeJS.Timeout | undefined
  #number: number

  constructor(options: SpoolOptions) {
    mkdirSync(options.directory, { recursive: true, mode: 0o700 })
    this.#options = options
    this.#closed = leftovers(options.directory)
    this.#bytes = this.#closed.reduce((sum, { bytes }) => sum + bytes, 0)
    this.#number = nextNumber(this.#closed)
  }

  /** Segments with something in them, oldest first. */
  get segments(): readonly Segment[] {
    return this.#open ? [...this.#closed, this.#open.segment] : this.#closed
  }

  /** How often something was recorded so far. */
  get recorded(): number {
    return this.#recorded
  }

  /** From 0, where nothing waits, to 1 and beyond, where the manager is behind by so much that it has to hurry. */
  get pressure(): number {
    return this.#bytes / (this.#options.maxBytes * FILLING_RATIO)
  }

  /** Bytes that the manager has not acknowledged yet. */
  get backlog(): number {
    return this.segments.reduce((sum, { bytes, shippedBytes }) => sum + bytes - shippedBytes, 0)
  }

  /** Resolves when the events can't be lost any more. Rejects with AuditUnavailable. */
  append(events: readonly AuditEvent[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.record(linesOf(events), (fault) => (fault ? reject(fault) : resolve()))
    return promise
  }

  /** Lines of events in JSON, each with a line feed behind it; all of one turn of the event loop share a write. */
  record(lines: string, recorded: Recorded): void {
    this.#lines.push(lines)
    this.#waiting.push(recorded)
    if (this.#isScheduled) return
    this.#isScheduled = true
    setImmediate(() => this.#flush())
  }

  /** For what nobody waits for: it is written along with the next record, or within moments. */
  note(lines: string, recorded: Recorded): void {
    this.#lines.push(lines)
    this.#waiting.push(recorded)
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
    this.#bytes -= segment.bytes
    unlinkSync(segment.path)
  }

  close(): void {
    this.#flush()
    this.rotate()
  }

  #flush(): void {
    this.#isScheduled = false
    clearTimeout(this.#noting)
    this.#noting = undefined
    const waiting = this.#waiting
    const lines = this.#lines.join('')
    this.#waiting = []
    this.#lines = []
    if (waiting.length === 0) return
    this.#recorded += waiting.length
    try {
      this.#settle(waiting, this.#write(encodeBlock(lines)))
    } catch (error) {
      refuse(waiting, error instanceof Error ? error : new Error(String(error)))
    }
  }

  #settle(waiting: readonly Recorded[], fd: number): void {
    if (this.#options.durability === 'process') {
      accept(waiting)
      return
    }
    syncToDisk(fd).then(
      () => accept(waiting),
      (error: Error) => refuse(waiting, error),
    )
  }

  #write(block: Buffer): number {
    if (this.#bytes + block.length > this.#options.maxBytes) {
      throw new Error('the audit spool is full: the manager has not taken its events')
    }
    const { segment, fd } = this.#current(block.length)
    try {
      writeWhole(fd, block, segment.bytes)
    } catch (error) {
      // A torn block must not stand in front of the next one.
      ftruncateSync(fd, segment.bytes)
      throw error
    }
    segment.bytes += block.length
    this.#bytes += block.length
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

function accept(waiting: readonly Recorded[]): void {
  for (const recorded of waiting) recorded(undefined)
}

function refuse(waiting: readonly Recorded[], error: Error): void {
  const fault = new AuditUnavailable(error.message)
  for (const recorded of waiting) recorded(fault)
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
