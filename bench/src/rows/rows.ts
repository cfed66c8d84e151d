// The table of goals: what is measured, against whom, and how good it must be.
import type { PgbenchLoad } from '../loads/pgbench.ts'
import type { SysbenchLoad } from '../loads/sysbench.ts'
import type { Figure } from '../measure/figures.ts'
import type { WayName } from '../ways/way.ts'
import type { Bound, Goal, Row } from './row.ts'

export const ROWS: readonly Row[] = [
  {
    ...pgbenchRow('simple-64', 'pgbench -S, 64 clients', {}),
    ways: ['articdbm', 'pgbouncer', 'direct', 'pgpool'],
    goals: [
      throughput('pgbouncer', 1.6),
      throughput('direct', 1.5),
      throughput('pgpool', 3),
      cpu('pgbouncer', 0.8),
      p99('pgbouncer', 1),
    ],
  },
  {
    ...pgbenchRow('simple-16', 'pgbench -S, 16 clients', { clients: 16 }),
    goals: [throughput('pgbouncer', 1.2), cpu('pgbouncer', 1)],
  },
  {
    ...pgbenchRow('prepared-64', 'pgbench -S -M prepared, 64 clients', { protocol: 'prepared' }),
    goals: [throughput('pgbouncer', 1.2)],
  },
  {
    ...pgbenchRow('half-rate-64', "pgbench -S, 64 clients, half of PgBouncer's peak", {
      pace: 'half',
    }),
    goals: [p99('pgbouncer', 1)],
  },
  {
    ...pgbenchRow('single-1', 'pgbench -S, 1 client', { clients: 1 }),
    ways: ['articdbm', 'pgbouncer', 'direct'],
    goals: [
      {
        measure: 'added p50',
        figure: 'p50Ms',
        comparison: { kind: 'added', against: 'pgbouncer' },
        bound: atMost(2),
      },
    ],
  },
  {
    ...pgbenchRow('tpcb-16', 'pgbench TPC-B, 16 clients', { clients: 16, script: 'tpcb-like' }),
    goals: [throughput('pgbouncer', 0.95)],
  },
  {
    ...pgbenchRow('update-16', 'pgbench -N, 16 clients', { clients: 16, script: 'simple-update' }),
    goals: [throughput('pgbouncer', 0.95)],
  },
  {
    name: 'result',
    title: '100,000-row result, 1 client',
    engine: 'postgres',
    load: { kind: 'result' },
    ways: ['articdbm', 'direct', 'haproxy'],
    rounds: 'several',
    unit: 'MB',
    goals: [throughput('direct', 0.9), { ...cpu('haproxy', 1.5), measure: 'CPU a MB' }],
  },
  {
    ...pgbenchRow('connect-8', 'pgbench -S -C (connect, query, close), 8 clients', {
      clients: 8,
      connections: 'a transaction each',
    }),
    goals: [throughput('pgbouncer', 0.8)],
  },
  {
    ...sysbenchRow('point-select-64', { script: 'oltp_point_select', threads: 64 }),
    ways: ['articdbm', 'direct', 'haproxy'],
    goals: [throughput('direct', 1.2), cpu('haproxy', 1)],
  },
  {
    ...sysbenchRow('read-write-16', { script: 'oltp_read_write', threads: 16 }),
    ways: ['articdbm', 'direct', 'haproxy'],
    goals: [throughput('direct', 0.7)],
  },
  {
    ...memoryRow('idle-5000', '5,000 idle clients'),
    load: { kind: 'idle', clients: 5_000 },
    goals: [absolute('memory a client', 'perClientKb', 'kB', 20)],
  },
  {
    ...memoryRow('slow-reader', 'large result to a client that reads 10 MB/s'),
    load: { kind: 'slow reader', megabytesPerSecond: 10 },
    goals: [absolute('growth of memory', 'growthMb', 'MB', 64)],
  },
]

function pgbenchRow(name: string, title: string, load: Partial<PgbenchLoad>) {
  return {
    name,
    title,
    engine: 'postgres',
    load: {
      kind: 'pgbench',
      script: 'select-only',
      protocol: 'simple',
      clients: 64,
      pace: 'peak',
      connections: 'kept',
      ...load,
    },
    ways: ['articdbm', 'pgbouncer'],
    rounds: 'several',
    unit: 'transactions',
  } as const
}

function sysbenchRow(name: string, load: Omit<SysbenchLoad, 'kind'>) {
  return {
    name,
    title: `sysbench ${load.script}, ${load.threads} threads`,
    engine: 'mariadb',
    load: { kind: 'sysbench', ...load },
    rounds: 'several',
    unit: 'transactions',
  } as const
}

function memoryRow(name: string, title: string) {
  const ways: readonly WayName[] = ['articdbm']
  return { name, title, engine: 'postgres', ways, rounds: 'once', unit: 'transactions' } as const
}

function throughput(against: WayName, value: number): Goal {
  const bound: Bound = { kind: 'at least', value }
  return {
    measure: 'throughput',
    figure: 'throughput',
    comparison: { kind: 'ratio', against },
    bound,
  }
}

function cpu(against: WayName, value: number): Goal {
  const comparison = { kind: 'ratio', against } as const
  return { measure: 'CPU a query', figure: 'proxyCpu', comparison, bound: atMost(value) }
}

function p99(against: WayName, value: number): Goal {
  const comparison = { kind: 'ratio', against } as const
  return { measure: 'p99', figure: 'p99Ms', comparison, bound: atMost(value) }
}

function absolute(measure: string, figure: Figure, unit: string, value: number): Goal {
  return { measure, figure, comparison: { kind: 'absolute', unit }, bound: atMost(value) }
}

function atMost(value: number): Bound {
  return { kind: 'at most', value }
}
