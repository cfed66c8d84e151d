// Programs that people use, through the MySQL door to MariaDB: what they print is what they print without it.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { after, before, describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'

const { url, skip } = serverUrl('mariadb')
const call = promisify(execFile)

describe('programs at the MySQL door', { skip }, () => {
  let door: TestDoor
  let through: readonly string[]
  let direct: readonly string[]

  before(async () => {
    door = await openDoor({ backendUrl: url })
    const { hostname, port, username, password, pathname } = new URL(url)
    const argsOf = (host: string, at: string, user: string, secret: string) => [
      ...['--no-defaults', `-h${host}`, `-P${at}`, `-u${user}`, `-p${secret}`],
    ]
    through = [...argsOf('127.0.0.1', `${door.port}`, 'ann', PASSWORD), '-Dmaria']
    direct = [...argsOf(hostname, port, username, password), `-D${pathname.slice(1)}`]
  })
  after(() => door?.close())

  test('the mysql client prints the same, with TLS and without', async () => {
    const script = `
      DROP TABLE IF EXISTS client_test;
      CREATE TABLE client_test (id INT PRIMARY KEY, v VARCHAR(20), d DATETIME) CHARACTER SET utf8mb4;
      SET NAMES utf8mb4;
      INSERT INTO client_test VALUES (1, 'ü🙂', '2026-11-22 10:00:00'), (2, NULL, NULL);
      SELECT * FROM client_test; SHOW CREATE TABLE client_test; DESCRIBE client_test;
      SELECT CAST('1x' AS SIGNED); SHOW WARNINGS;
      BEGIN; DELETE FROM client_test; ROLLBACK; SELECT COUNT(*) FROM client_test;
      SELECT missing; SELECT 'after the error';`
    const wish = ['--table', '--force', '--auto-rehash', '-e', script]
    const { stdout: expected } = await call('mysql', [...direct, ...wish]).catch((error) => error)
    for (const tls of [['--ssl'], ['--skip-ssl']]) {
      const { stdout, stderr } = await call('mysql', [...through, ...tls, ...wish]).catch(
        (error) => error,
      )
      assert.equal(stdout, expected)
      assert.match(stderr, /ERROR 1054 \(42S22\)/)
    }
  })

  test('Ctrl-C in the mysql client ends the statement', async () => {
    const client = spawn('mysql', [...through, '-e', 'SELECT SLEEP(30) AS interrupted'])
    const output: string[] = []
    for (const stream of [client.stdout, client.stderr])
      stream.on('data', (bytes) => output.push(`${bytes}`))
    const ended = new Promise((resolve) => client.on('close', resolve))
    await sleep(1_000)
    client.kill('SIGINT')
    assert.notEqual(await Promise.race([ended, sleep(10_000, 'waits')]), 'waits', output.join(''))
  })

  test('sysbench reads, with prepared statements and without', async (t) => {
    const sysbench = (mode: string, step: string) =>
      call('sysbench', [
        ...[
          'oltp_read_only',
          '--db-driver=mysql',
          '--mysql-host=127.0.0.1',
          `--mysql-port=${door.port}`,
        ],
        ...['--mysql-user=ann', `--mysql-password=${PASSWORD}`, '--mysql-db=maria', '--tables=1'],
        ...[
          '--table-size=500',
          '--threads=4',
          '--events=200',
          '--time=20',
          `--db-ps-mode=${mode}`,
          step,
        ],
      ]).catch(({ message, stdout }) => assert.fail(`${message}\n${stdout}`))
    const { stdout: version } = await call('sysbench', ['--version']).catch(() => ({ stdout: '' }))
    if (version === '') return t.skip('needs sysbench')
    await sysbench('auto', 'cleanup')
    await sysbench('auto', 'prepare')
    for (const mode of ['auto', 'disable']) {
      const { stdout } = await sysbench(mode, 'run')
      assert.match(stdout, /transactions: +200 /)
      assert.match(stdout, /ignored errors: +0 /)
    }
    await sysbench('auto', 'cleanup')
  })
})
