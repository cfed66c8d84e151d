// Mixed statements of many PostgreSQL clients, as many as STRESS_STATEMENTS says: nobody sees what is another's.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import pg from 'pg'
import { BACKEND_URL, openDoor, type TestDoor } from '../wire/pg/door.ts'
import { CountingAudit } from './counting-audit.ts'
import { SCRIPTS, type Script } from './pgbench.ts'
import { amountOf, CLIENTS, TIMEOUT_MS } from './size.ts'
import { amongVisits, postgresVisits } from './visits.ts'

const execute = promisify(execFile)
const skip = BACKEND_URL === undefined ? 'TEST_POSTGRES_URL names no server' : false
const MODES = ['simple', 'extended', 'prepared'] as const
type Mode = (typeof MODES)[number]
/** A transaction of pgbench's is a script, drawn by lot: in the mean it has some more statements than this. */
const STATEMENTS_A_SCRIPT = 1.5
const CLIENTS_A_MODE = Math.ceil(CLIENTS / MODES.length)
const VISITORS_FROM = 9_000

test('pgbench’s clients see their own rows alone, and each write counts once', {
  skip,
  timeout: TIMEOUT_MS,
}, async () => {
  const direct = new pg.Client(BACKEND_URL)
  await direct.connect()
  await direct.query(`DROP TABLE IF EXISTS stress;
    CREATE TABLE stress (owner int, n int, hits int NOT NULL DEFAULT 0, PRIMARY KEY (owner, n)) WITH (fillfactor = 50);
    INSERT INTO stress SELECT owner, n FROM generate_series(1, 9100) owner, generate_series(1, 50) n
      WHERE owner <= 300 OR owner >= ${VISITORS_FROM}`)
  const counting = new CountingAudit()
  const door = await openDoor({ audit: counting.audit(), pool: { maxConnections: 12 } })
  const folder = await mkdtemp(join(tmpdir(), 'articdbm-stress-'))
  try {
    const runs = Promise.all(
      MODES.map((mode, at) => run({ door, folder, mode, base: at * 100 + 1 })),
    )
    const visits = postgresVisits(door.url())
    const { result, count } = await amongVisits(visits, VISITORS_FROM, runs)
    console.error(`PostgreSQL: ${counting.statements} statements, ${count} visits, no wrong answer`)
    assert.ok(counting.statements >= amountOf('postgres'))
    const { rows } = await direct.query('SELECT sum(hits)::int AS hits FROM stress')
    assert.equal(
      rows[0].hits,
      result.reduce((sum, hits) => sum + hits, 0),
    )
  } finally {
    await rm(folder, { recursive: true })
    await direct.query('DROP TABLE stress')
    await direct.end()
    await door.close()
  }
})

interface Run {
  readonly door: TestDoor
  readonly folder: string
  readonly mode: Mode
  readonly base: number
}

/** How often the clients counted a row up for good. */
async function run({ door, folder, mode, base }: Run): Promise<number> {
  const scripts = SCRIPTS.filter(({ isSimple }) => mode === 'simple' || !isSimple)
  const files = await Promise.all(scripts.map((script) => store(join(folder, mode), script)))
  const each = amountOf('postgres') / (MODES.length * CLIENTS_A_MODE * STATEMENTS_A_SCRIPT)
  const { stdout, stderr } = await execute(
    'pgbench',
    [
      ...['-n', '-M', mode, '-c', `${CLIENTS_A_MODE}`, '-t', `${Math.ceil(each)}`],
      ...['-D', `base=${base}`, ...files.flatMap((file) => ['-f', file]), door.url()],
    ],
    { timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 },
  )
  assert.match(stdout, /number of failed transactions: 0 /, stderr)
  const counts = [...stdout.matchAll(/^ - (\d+) transactions/gm)].map(([, count]) => Number(count))
  assert.equal(counts.length, scripts.length, stdout)
  return scripts.reduce((sum, { hits }, at) => sum + hits * (counts[at] ?? 0), 0)
}

async function store(prefix: string, { name, text, weight }: Script): Promise<string> {
  const path = `${prefix}-${name}.sql`
  await writeFile(path, text)
  return `${path}@${weight}`
}
