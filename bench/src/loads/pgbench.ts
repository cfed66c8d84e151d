// What pgbench is asked, and what it answers.
import type { Figures } from '../measure/figures.ts'
import { percentile } from '../measure/statistics.ts'
import type { Length } from './load.ts'

export interface PgbenchLoad {
  readonly kind: 'pgbench'
  readonly script: keyof typeof STATEMENTS
  readonly protocol: 'simple' | 'prepared'
  readonly clients: number
  /** As fast as they can, or half as fast as PgBouncer can. */
  readonly pace: 'peak' | 'half'
  readonly connections: 'kept' | 'a transaction each'
}

/** Statements a transaction. */
const STATEMENTS = {
  'select-only': 1,
  'simple-update': 5,
  'tpcb-like': 7,
  'big-result': 1,
} as const

/** The one script that isn't pgbench's own. */
export const BIG_RESULT_FILE = 'big-result.sql'

export interface PgbenchWish {
  readonly load: PgbenchLoad
  readonly length: Length
  readonly rate: number | undefined
  readonly logPrefix: string
}

export function pgbenchArguments({ load, length, rate, logPrefix }: PgbenchWish): string[] {
  return [
    ...(load.script === 'big-result' ? ['-f', BIG_RESULT_FILE] : ['-b', load.script]),
    ...['-n', '-M', load.protocol, ...lengthArguments(length)],
    ...['-c', `${load.clients}`, '-j', load.clients > 1 ? '2' : '1'],
    ...['-l', `--log-prefix=${logPrefix}`],
    ...(load.connections === 'kept' ? [] : ['-C']),
    ...(rate === undefined ? [] : ['--rate', rate.toFixed(1)]),
  ]
}

/** pgbench's time begins before its clients are connected. */
function lengthArguments(length: Length): string[] {
  if (length.kind === 'once') return ['-t', '1']
  return ['-T', `${length.seconds + Math.ceil((length.connectingMs * 1.5) / 1000)}`]
}

export interface PgbenchSummary {
  readonly transactions: number
  readonly perSecond: number
  readonly connectingMs: number
}

/** Throws unless every transaction went well. */
export function parsePgbench(text: string): PgbenchSummary {
  const number = (pattern: RegExp): number => Number(text.match(pattern)?.[1] ?? Number.NaN)
  const transactions = number(/actually processed: (\d+)/)
  const failed = number(/failed transactions: (\d+)/)
  const perSecond = number(/^tps = ([\d.]+)/m)
  if (!(transactions > 0 && perSecond > 0)) throw new Error(`pgbench says: ${text.slice(-300)}`)
  if (failed > 0) throw new Error(`${failed} of pgbench's transactions failed`)
  return {
    transactions,
    perSecond,
    connectingMs: number(/initial connection time = ([\d.]+)/) || 0,
  }
}

/** Milliseconds of each transaction in a log of `pgbench -l`; from its appointed time when there is a rate. */
export function parseLatencies(log: string): readonly number[] {
  return log
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Number(line.split(' ', 3)[2]) / 1000)
    .filter((milliseconds) => !Number.isNaN(milliseconds)) // "skipped" and "failed"
}

export function statementCount(load: PgbenchLoad, transactions: number): number {
  return transactions * STATEMENTS[load.script]
}

export function latencyFigures(milliseconds: readonly number[]): Figures {
  const [p50Ms, p99Ms] = [50, 99].map((percent) => percentile(milliseconds, percent))
  return p50Ms === undefined || p99Ms === undefined ? {} : { p50Ms, p99Ms }
}
