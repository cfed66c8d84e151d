// Mixed statements of many MySQL clients, as many as STRESS_STATEMENTS says: nobody sees what is another's.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import mysql from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, PASSWORD } from '../wire/mysql/door.ts'
import { CountingAudit } from './counting-audit.ts'
import { amountOf, CLIENTS, TIMEOUT_MS } from './size.ts'
import { amongVisits, mysqlVisits } from './visits.ts'

const execute = promisify(execFile)
const { url, skip } = serverUrl('mariadb')
/** An event of sysbench.lua's is drawn by lot: in the mean it has some more statements than this. */
const STATEMENTS_AN_EVENT = 1.4
const VISITORS_FROM = 9_000

test('sysbench’s threads see their own rows alone, and each write counts once', {
  skip,
  timeout: TIMEOUT_MS,
}, async () => {
  const direct = await mysql.createConnection({ uri: url, multipleStatements: true })
  await direct.query(`DROP TABLE IF EXISTS stress;
    CREATE TABLE stress (owner INT, n INT, hits INT NOT NULL DEFAULT 0, PRIMARY KEY (owner, n));
    INSERT INTO stress SELECT o.seq, n.seq, 0 FROM seq_1_to_9010 o, seq_1_to_50 n
      WHERE o.seq <= ${CLIENTS} OR o.seq >= ${VISITORS_FROM}`)
  const counting = new CountingAudit()
  const door = await openDoor({ backendUrl: url, audit: counting.audit() })
  try {
    const address = { host: '127.0.0.1', port: door.port, user: 'ann', database: 'maria' }
    const visits = mysqlVisits({ ...address, password: PASSWORD })
    const { count } = await amongVisits(visits, VISITORS_FROM, run(door.port))
    console.error(`MariaDB: ${counting.statements} statements, ${count} visits, no wrong answer`)
    assert.ok(counting.statements >= amountOf('mariadb'))
  } finally {
    await direct.query('DROP TABLE stress')
    await direct.end()
    await door.close()
  }
})

/** Each thread knows how often it counted each of its rows up, and stops when a read says otherwise. */
async function run(port: number): Promise<void> {
  const events = Math.ceil(amountOf('mariadb') / STATEMENTS_AN_EVENT)
  const { stdout } = await execute(
    'sysbench',
    [
      ...[join(import.meta.dirname, 'sysbench.lua'), '--db-driver=mysql', `--mysql-port=${port}`],
      ...['--mysql-host=127.0.0.1', '--mysql-user=ann', `--mysql-password=${PASSWORD}`],
      ...['--mysql-db=maria', `--threads=${CLIENTS}`, `--events=${events}`, '--time=0', 'run'],
    ],
    { timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 },
  ).catch(({ message, stdout: told }) => assert.fail(`${message}\n${told}`))
  assert.doesNotMatch(stdout, /WRONG ANSWER|FATAL/)
  assert.match(stdout, new RegExp(`total number of events: +${events}\\b`))
}
