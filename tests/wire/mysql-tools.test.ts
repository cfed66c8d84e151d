// MariaDB's own tools through the MySQL door: what they print, and leave in the database, is what they do without it.
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { execute, missing, type Printed } from '../clients/program.ts'
import { serverUrl } from '../support/servers/index.ts'
import { ROWS, TABLE } from './mysql/cases.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'

const { url, skip } = serverUrl('mariadb')
/** The schema has the database's name, as tools print it. */
const NAME = 'maria'

interface Way {
  readonly host: string
  readonly port: string
  readonly user: string
  readonly password: string
}

const SCHEMA: readonly string[] = [
  TABLE,
  ...ROWS,
  'CREATE TABLE notes (id INT PRIMARY KEY AUTO_INCREMENT, kind INT, note VARCHAR(50) DEFAULT NULL, KEY (kind))',
  String.raw`INSERT INTO notes (kind, note) VALUES (1, 'it''s \\ "quoted"'), (2, 'new\nline'), (3, 'zero \0'), (NULL, 'é漢🙂')`,
  'CREATE VIEW few AS SELECT id, note FROM notes WHERE id < 3',
  'CREATE TRIGGER noted BEFORE INSERT ON notes FOR EACH ROW SET NEW.kind = COALESCE(NEW.kind, 0)',
  'CREATE PROCEDURE twice(IN n INT) BEGIN SELECT n * 2 AS doubled; END',
  'CREATE FUNCTION thrice(n INT) RETURNS INT DETERMINISTIC RETURN n * 3',
  'CREATE EVENT yearly ON SCHEDULE EVERY 1 YEAR DISABLE DO DELETE FROM notes WHERE id < 0',
]

describe("MariaDB's tools at the MySQL door", { skip, timeout: 240_000 }, () => {
  let door: TestDoor
  let own: Connection
  let directory: string
  let direct: Way
  let through: Way

  before(async () => {
    own = await mysql.createConnection(url)
    await renew()
    const backendUrl = new URL(url)
    backendUrl.pathname = NAME
    const [versions] = await own.query<RowDataPacket[]>('SELECT VERSION() AS version')
    const policy = { allowLocalFiles: true }
    door = await openDoor({
      ...{ backendUrl: `${backendUrl}`, policy, serverVersion: versions[0]?.version },
    })
    const { hostname: host, port, username: user } = backendUrl
    direct = { host, port, user, password: decodeURIComponent(backendUrl.password) }
    through = { host: '127.0.0.1', port: `${door.port}`, user: 'ann', password: PASSWORD }
    directory = await mkdtemp(join(tmpdir(), 'tools-'))
  })
  after(async () => {
    await own?.query(`DROP DATABASE IF EXISTS ${NAME}`)
    await own?.end()
    await door?.close()
    await rm(directory, { recursive: true, force: true })
  })

  async function renew(): Promise<void> {
    await own.query(`CREATE OR REPLACE DATABASE ${NAME} CHARACTER SET utf8mb4`)
    await own.query(`USE ${NAME}`)
    for (const sql of SCHEMA) await own.query(sql)
  }

  function run(
    way: Way,
    program: string,
    options: readonly string[],
    input = '',
  ): Promise<Printed> {
    const access = ['--no-defaults', `-h${way.host}`, `-P${way.port}`, `-u${way.user}`]
    const environment = { MYSQL_PWD: way.password }
    return execute(program, [...access, '--skip-ssl', ...options], { input, environment })
  }

  async function same(program: string, options: readonly string[]): Promise<Printed> {
    const expected = await run(direct, program, options)
    assert.equal(expected.code, 0, expected.err)
    const { code, out, err } = await run(through, program, options)
    assert.deepEqual({ code, err }, { code: 0, err: expected.err })
    assert.deepEqual(out.split('\n'), expected.out.split('\n'))
    return expected
  }

  test("a connection that was reset has its schema's character set", async () => {
    const backendUrl = url.replace(/[^/]*$/, NAME)
    const one = await openDoor({ backendUrl, maxConnections: 1 })
    const access = { host: '127.0.0.1', port: one.port, user: 'ann', password: PASSWORD }
    const client = await mysql.createConnection({ ...access, database: NAME })
    const read = async () => (await client.query('SELECT @@character_set_database AS c'))[0]
    assert.deepEqual(await read(), [{ c: 'utf8mb4' }])
    // Computed, so that it pins: only such a connection is reset.
    await client.query('SET @own = (SELECT 1)')
    await client.changeUser({ ...access, database: NAME })
    assert.deepEqual(await read(), [{ c: 'utf8mb4' }])
    client.destroy()
    await one.close()
  })

  const ALL = ['--routines', '--triggers', '--events']
  const DUMPS: readonly (readonly string[])[] = [
    [],
    ['--single-transaction'],
    [...ALL, '--single-transaction'],
    ['--no-data', ...ALL],
    ['--no-create-info', '--skip-extended-insert', '--hex-blob', '--complete-insert'],
    ['--compact', '--skip-opt', '--quick', '--where=id < 3'],
    ['--xml'],
    ['--replace', '--add-drop-trigger', '--dump-date=false', '--order-by-primary'],
  ]
  for (const options of DUMPS) {
    test(`mysqldump ${options.join(' ')}`, { skip: missing('mysqldump') }, async () => {
      await same('mysqldump', [...options, '--skip-dump-date', NAME])
    })
  }

  test('mysqldump of one table, of one database by its name', {
    skip: missing('mysqldump'),
  }, async () => {
    await same('mysqldump', ['--skip-dump-date', NAME, 'notes'])
    await same('mysqldump', ['--skip-dump-date', '--databases', NAME])
  })

  const RESTORES: readonly (readonly [readonly string[], readonly string[]])[] = [
    [['--hex-blob'], []],
    [['--hex-blob', '--databases'], []],
    [['--hex-blob', ...ALL, '--single-transaction'], []],
    // What `mysql` speaks where no locale is set.
    [['--hex-blob', ...ALL], ['--default-character-set=latin1']],
  ]
  for (const [options, speech] of RESTORES) {
    test(`a dump is restored by mysql: ${[...options, ...speech].join(' ')}`, {
      skip: missing('mysqldump'),
    }, async () => {
      // A client of old made it: what it is restored under is told with it.
      await own.query('SET NAMES latin1')
      await own.query('CREATE PROCEDURE old() SELECT 1')
      await own.query('SET NAMES utf8mb4')
      const dump = await same('mysqldump', [...options, '--skip-dump-date', NAME])
      await own.query(`CREATE OR REPLACE DATABASE ${NAME} CHARACTER SET utf8mb4`)
      const restored = await run(through, 'mysql', [...speech, NAME], dump.out)
      assert.deepEqual(restored, { code: 0, out: '', err: '' })
      const again = await run(direct, 'mysqldump', [...options, '--skip-dump-date', NAME])
      assert.deepEqual(again.out.split('\n'), dump.out.split('\n'))
      await renew()
    })
  }

  test('mysqlimport --local', { skip: missing('mysqlimport') }, async () => {
    const file = join(directory, 'notes.txt')
    await writeFile(file, '100\t7\tone\n101\t\\N\ttwo\n1\t9\tis there\n')
    for (const wish of [[], ['--replace'], ['--ignore'], ['--delete', '--columns=id,kind,note']]) {
      const printed: unknown[] = []
      for (const way of [direct, through]) {
        await renew()
        const told = await run(way, 'mysqlimport', ['--local', ...wish, NAME, file])
        const [rows] = await own.query<RowDataPacket[]>('SELECT * FROM notes ORDER BY id')
        printed.push([told, rows])
      }
      assert.deepEqual(printed[1], printed[0])
    }
    await renew()
  })

  const CHECKS = ['--check', '--analyze', '--optimize', '--repair', '--check-upgrade', '--extended']
  for (const what of CHECKS) {
    test(`mysqlcheck ${what}`, { skip: missing('mysqlcheck') }, async () => {
      await same('mysqlcheck', [what, NAME])
      await same('mysqlcheck', [what, NAME, 'notes'])
    })
  }

  const SHOWN: readonly (readonly string[])[] = [
    [NAME],
    ['--count', NAME],
    ['--verbose', '--verbose', NAME],
    ['--status', NAME],
    [NAME, 'notes'],
    ['--keys', NAME, 'notes'],
    [NAME, 'notes', 'no%'],
    [NAME, 'n%'],
  ]
  for (const options of SHOWN) {
    test(`mysqlshow ${options.join(' ')}`, { skip: missing('mysqlshow') }, async () => {
      await same('mysqlshow', options)
    })
  }

  test('mysqlslap with queries of its own', { skip: missing('mysqlslap') }, async () => {
    const options = ['--concurrency=3', '--iterations=2', `--create-schema=${NAME}`]
    const query = ['--query=SELECT * FROM notes; SELECT COUNT(*) FROM kinds', '--delimiter=;']
    const { code, out, err } = await run(through, 'mysqlslap', [...options, '--no-drop', ...query])
    assert.equal(code, 0, err)
    assert.match(out, /Number of clients running queries: 3/)
  })

  for (const script of ['oltp_read_only', 'oltp_read_write']) {
    test(`sysbench ${script}`, { skip: missing('sysbench') }, async () => {
      const sysbench = async (step: string) => {
        const access = [
          `--mysql-host=127.0.0.1`,
          `--mysql-port=${through.port}`,
          '--mysql-user=ann',
        ]
        const size = ['--tables=2', '--table-size=200', '--threads=3', '--events=60', '--time=30']
        const { code, out, err } = await execute('sysbench', [
          ...[script, '--db-driver=mysql', ...access, `--mysql-password=${PASSWORD}`],
          ...[`--mysql-db=${NAME}`, ...size, '--mysql-ignore-errors=1213,1205', step],
        ])
        assert.equal(code, 0, out + err)
        return out
      }
      await sysbench('prepare')
      assert.match(await sysbench('run'), /transactions: +60 /)
      await sysbench('cleanup')
      assert.deepEqual((await own.query("SHOW TABLES LIKE 'sbtest%'"))[0], [])
    })
  }
})
