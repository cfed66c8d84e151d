import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Length } from './load.ts'
import {
  latencyFigures,
  type PgbenchLoad,
  parseLatencies,
  parsePgbench,
  pgbenchArguments,
  statementCount,
} from './pgbench.ts'

const LOAD: PgbenchLoad = {
  kind: 'pgbench',
  script: 'tpcb-like',
  protocol: 'simple',
  clients: 16,
  pace: 'peak',
  connections: 'kept',
}

const FIVE_SECONDS = { kind: 'seconds', seconds: 5, connectingMs: 0 } as const

const said = (failed: number) => `pgbench (15.14)
transaction type: <builtin: select only>
number of transactions actually processed: 60012
number of failed transactions: ${failed} (0.000%)
latency average = 1.592 ms
initial connection time = 120.912 ms
tps = 20123.456789 (without initial connection time)
`

test('the summary is read', () => {
  assert.deepEqual(parsePgbench(said(0)), {
    transactions: 60_012,
    perSecond: 20_123.456789,
    connectingMs: 120.912,
  })
})

test('a run in which something failed counts for nothing', () => {
  assert.throws(() => parsePgbench(said(3)), /3 of pgbench's transactions failed/)
  assert.throws(() => parsePgbench('pgbench: error: connection refused'), /connection refused/)
})

test('the log gives a latency a transaction, and leaves out what did not run', () => {
  const log = '0 1 1500 0 1700000000 1\n3 1 skipped 0 1700000000 2\n1 1 500 0 1700000000 3 120\n'
  assert.deepEqual(parseLatencies(log), [1.5, 0.5])
  assert.deepEqual(latencyFigures(parseLatencies(log)), { p50Ms: 0.5, p99Ms: 1.5 })
  assert.deepEqual(latencyFigures([]), {})
})

test('pace and connections become options', () => {
  const asked = (load: Partial<PgbenchLoad>, rate?: number) =>
    pgbenchArguments({
      load: { ...LOAD, ...load },
      length: FIVE_SECONDS,
      rate,
      logPrefix: 'x',
    }).join(' ')
  assert.equal(asked({}), '-b tpcb-like -n -M simple -T 5 -c 16 -j 2 -l --log-prefix=x')
  assert.match(asked({ script: 'big-result' }), /^-f big-result.sql /)
  assert.match(asked({ clients: 1 }), / -c 1 -j 1 /)
  assert.match(asked({ connections: 'a transaction each' }), / -C$/)
  assert.match(asked({}, 1234.56), / --rate 1234\.6$/)
})

test('time begins when all are connected', () => {
  const asked = (length: Length) =>
    pgbenchArguments({ load: LOAD, length, rate: undefined, logPrefix: 'x' }).join(' ')
  assert.match(asked({ kind: 'seconds', seconds: 5, connectingMs: 900 }), / -T 7 /)
  assert.match(asked({ kind: 'once' }), / -t 1 /)
})

test('a transaction of TPC-B has seven statements', () => {
  assert.equal(statementCount(LOAD, 10), 70)
})
