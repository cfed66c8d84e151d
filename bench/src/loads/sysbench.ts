// What sysbench is asked, and what it answers.
import type { Figures } from '../measure/figures.ts'
import { percentileOfCounts } from '../measure/statistics.ts'
import type { Address } from '../ways/way.ts'
import type { Length } from './load.ts'

export interface SysbenchLoad {
  readonly kind: 'sysbench'
  readonly script: 'oltp_point_select' | 'oltp_read_write'
  readonly threads: number
}

const SHORTEST_SECONDS = 1
const TABLES = ['--tables=4', '--table-size=25000']

export function sysbenchArguments(script: string, address: Address): string[] {
  return [
    ...[script, '--db-driver=mysql', ...TABLES],
    ...[`--mysql-host=${address.host}`, `--mysql-port=${address.port}`],
    ...[`--mysql-user=${address.user}`, `--mysql-password=${address.password}`],
    `--mysql-db=${address.database}`,
  ]
}

export function sysbenchLoadArguments(load: SysbenchLoad, length: Length): string[] {
  const seconds = length.kind === 'seconds' ? length.seconds : SHORTEST_SECONDS
  return [
    ...[`--threads=${load.threads}`, `--time=${seconds}`, '--events=0'],
    ...['--histogram=on', '--percentile=99', 'run'],
  ]
}

export interface SysbenchSummary {
  readonly queries: number
  readonly figures: Figures
}

export function parseSysbench(text: string): SysbenchSummary {
  const number = (pattern: RegExp): number => Number(text.match(pattern)?.[1] ?? Number.NaN)
  const throughput = number(/transactions: +\d+ +\(([\d.]+) per sec/)
  const queries = number(/queries: +(\d+) /)
  if (!(throughput > 0 && queries > 0)) throw new Error(`sysbench says: ${text.slice(-300)}`)
  const counts = parseHistogram(text)
  const [p50Ms = Number.NaN, p99Ms = Number.NaN] = [50, 99].map((percent) =>
    percentileOfCounts(counts, percent),
  )
  return { queries, figures: { throughput, p50Ms, p99Ms } }
}

/** Lines as `  0.147 |*****   1234`: milliseconds and how many events took so long. */
function parseHistogram(text: string): readonly (readonly [number, number])[] {
  return [...text.matchAll(/^ *([\d.]+) \|\**\s+(\d+)$/gm)].map(([, value, count]) => [
    Number(value),
    Number(count),
  ])
}
