import type { Bed } from '../bed.ts'
import type { Figures } from '../measure/figures.ts'
import type { Way } from '../ways/way.ts'
import type { PgbenchLoad } from './pgbench.ts'
import type { SysbenchLoad } from './sysbench.ts'

/** 100,000 rows again and again to one client. */
export interface ResultLoad {
  readonly kind: 'result'
}

/** Clients that have logged in and say nothing. */
export interface IdleLoad {
  readonly kind: 'idle'
  readonly clients: number
}

/** One large result to a client that reads no faster than this. */
export interface SlowReaderLoad {
  readonly kind: 'slow reader'
  readonly megabytesPerSecond: number
}

export type Load = PgbenchLoad | SysbenchLoad | ResultLoad | IdleLoad | SlowReaderLoad

/** As little as possible, or so long once all are connected. */
export type Length =
  | { readonly kind: 'once' }
  | { readonly kind: 'seconds'; readonly seconds: number; readonly connectingMs: number }

/** Where a load is sent, and for how long. */
export interface Circumstances {
  readonly bed: Bed
  readonly way: Way
  readonly length: Length
  /** Size of the slow reader's result. */
  readonly gigabytes: number
  /** Transactions a second, where they are held back. */
  readonly rate: number | undefined
}

export interface Observed {
  readonly figures: Figures
  /** What was done, for the CPU that it took: `count` of a unit, told by so many of it. */
  readonly cost?: { readonly count: number; readonly per: number }
  /** Until all clients were connected, where that is known. */
  readonly connectingMs?: number
}

export const QUERIES = 100_000
export const MEGABYTES = 1_000
