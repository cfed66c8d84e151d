// Puts a load on a way and tells what came of it.
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Bed } from '../bed.ts'
import { execute } from '../measure/program.ts'
import type { Address } from '../ways/way.ts'
import { holdIdleClients } from './idle-clients.ts'
import {
  type Circumstances,
  type Length,
  type Load,
  MEGABYTES,
  type Observed,
  QUERIES,
} from './load.ts'
import {
  latencyFigures,
  type PgbenchLoad,
  parseLatencies,
  parsePgbench,
  pgbenchArguments,
  statementCount,
} from './pgbench.ts'
import { readSlowly } from './slow-reader.ts'
import {
  parseSysbench,
  type SysbenchLoad,
  sysbenchArguments,
  sysbenchLoadArguments,
} from './sysbench.ts'

/** Beyond its length, for starting and logging in. */
const PATIENCE_MS = 90_000
const LOG_PREFIX = 'latencies'
const BYTES_A_MEGABYTE = 1_000_000

const BIG_RESULT: PgbenchLoad = {
  kind: 'pgbench',
  script: 'big-result',
  protocol: 'simple',
  clients: 1,
  pace: 'peak',
  connections: 'kept',
}

/** What a load needs done before, at nobody's expense. */
export async function prepare(load: Load, bed: Bed): Promise<void> {
  if (load.kind === 'pgbench' && load.script !== 'select-only') await bed.tidy()
}

export function drive(load: Load, circumstances: Circumstances): Promise<Observed> {
  switch (load.kind) {
    case 'pgbench':
      return drivePgbench(load, circumstances)
    case 'sysbench':
      return driveSysbench(load, circumstances)
    case 'result':
      return driveResult(circumstances)
    case 'idle':
      return holdIdleClients(load, circumstances)
    case 'slow reader':
      return readSlowly(load, circumstances)
  }
}

async function drivePgbench(load: PgbenchLoad, circumstances: Circumstances): Promise<Observed> {
  const { bed, way, length, rate } = circumstances
  takeLatencies(bed.directory) // of a run that failed
  const printed = await execute({
    file: 'pgbench',
    args: pgbenchArguments({ load, length, rate, logPrefix: LOG_PREFIX }),
    directory: bed.directory,
    environment: libpqEnvironment(way.address),
    timeLimitMs: limitMs(length),
  })
  const { transactions, perSecond, connectingMs } = parsePgbench(printed)
  return {
    connectingMs,
    figures: { throughput: perSecond, ...latencyFigures(takeLatencies(bed.directory)) },
    cost: { count: statementCount(load, transactions), per: QUERIES },
  }
}

async function driveSysbench(load: SysbenchLoad, circumstances: Circumstances): Promise<Observed> {
  const { bed, way, length } = circumstances
  const printed = await execute({
    file: 'sysbench',
    args: [...sysbenchArguments(load.script, way.address), ...sysbenchLoadArguments(load, length)],
    directory: bed.directory,
    timeLimitMs: limitMs(length),
  })
  const { queries, figures } = parseSysbench(printed)
  return { figures, cost: { count: queries, per: QUERIES } }
}

async function driveResult(circumstances: Circumstances): Promise<Observed> {
  const megabytes = (await circumstances.bed.resultBytes()) / BYTES_A_MEGABYTE
  const { figures, cost, connectingMs = 0 } = await drivePgbench(BIG_RESULT, circumstances)
  const results = cost?.count ?? 0
  return {
    connectingMs,
    figures: { ...figures, throughput: (figures.throughput ?? 0) * megabytes },
    cost: { count: results * megabytes, per: MEGABYTES },
  }
}

function limitMs(length: Length): number {
  return PATIENCE_MS + (length.kind === 'seconds' ? length.seconds * 1000 : 0)
}

/** pgbench writes a log a thread, named after its process. */
function takeLatencies(directory: string): readonly number[] {
  const logs = readdirSync(directory)
    .filter((name) => name.startsWith(LOG_PREFIX))
    .map((name) => join(directory, name))
  const latencies = logs.flatMap((path) => parseLatencies(readFileSync(path, 'utf8')))
  for (const path of logs) rmSync(path)
  return latencies
}

/** No TLS on any way: the proxies are compared at the same work. */
function libpqEnvironment({ host, port, user, password, database }: Address) {
  return {
    PGHOST: host,
    PGPORT: `${port}`,
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: database,
    PGSSLMODE: 'disable',
    PGGSSENCMODE: 'disable',
  }
}
