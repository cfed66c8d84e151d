// LOAD DATA LOCAL through the MySQL door: the client's file goes to the backend, and to nobody who wasn't told to ask.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { after, before, beforeEach, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { CAPABILITY, encodePackets } from '@articdbm/wire/mysql'
import mariadb from 'mariadb'
import mysql, { type Connection, type ResultSetHeader, type RowDataPacket } from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'
import { startFalseBackend } from './mysql/false-backend.ts'
import { RawClient, describe as told } from './mysql/raw.ts'

const { url, skip } = serverUrl('mariadb')
const call = promisify(execFile)
const LOAD = "LOAD DATA LOCAL INFILE 'rows.csv' INTO TABLE loaded FIELDS TERMINATED BY ','"
const MEGABYTE = 1 << 20

describe('LOAD DATA LOCAL at the MySQL door', { skip }, () => {
  let door: TestDoor
  let direct: Connection

  before(async () => {
    direct = await mysql.createConnection(url)
    await direct.query('DROP TABLE IF EXISTS loaded')
    await direct.query('CREATE TABLE loaded (id INT PRIMARY KEY, v TEXT) ENGINE = InnoDB')
    door = await openDoor({ backendUrl: url, policy: { allowLocalFiles: true } })
  })
  beforeEach(() => direct.query('DELETE FROM loaded'))
  after(async () => {
    await direct?.end()
    await door?.close()
  })

  const there = (port = door.port) => ({
    ...{ host: '127.0.0.1', port, user: 'ann', password: PASSWORD, database: 'maria' },
  })

  const connect = (options: mysql.ConnectionOptions = {}) =>
    mysql.createConnection({ ...there(), ...options })

  const load = (client: Connection, parts: Iterable<string>, sql = LOAD) =>
    client.query<ResultSetHeader>({ sql, infileStreamFactory: () => fileOf(parts) })

  const loaded = async () => {
    const [rows] = await direct.query<RowDataPacket[]>(
      'SELECT COUNT(*) AS n, COALESCE(SUM(LENGTH(v)), 0) AS bytes FROM loaded',
    )
    return { n: Number(rows[0]?.n), bytes: Number(rows[0]?.bytes) }
  }

  for (const compress of [false, true]) {
    const way = compress ? 'compressed' : 'as it is'
    test(`mysql2 loads its rows, none of them, and more packets than numbers, ${way}`, async () => {
      const client = await connect({ compress })
      const [result] = await load(client, ['1,one\n2,', 'two\n'])
      assert.equal(result.affectedRows, 2)
      assert.equal((await load(client, []))[0].affectedRows, 0)
      const lines = Array.from({ length: 700 }, (_, at) => `${at + 10},${'x'.repeat(900)}\n`)
      assert.equal((await load(client, lines))[0].affectedRows, 700)
      assert.deepEqual(await loaded(), { n: 702, bytes: 6 + 700 * 900 })
      await client.query('SELECT 1')
      await client.end()
    })
  }

  test('the MariaDB connector and the mysql client load their files, compressed and not', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'local-file-')), 'rows.csv')
    writeFileSync(
      file,
      Array.from({ length: 40_000 }, (_, at) => `${at},${'y'.repeat(100)}\n`).join(''),
    )
    const sql = LOAD.replace('rows.csv', file)
    for (const compress of [false, true]) {
      const wish = { ...there(), compress, permitLocalInfile: true, allowPublicKeyRetrieval: true }
      const client = await mariadb.createConnection(wish)
      assert.equal((await client.query(sql)).affectedRows, 40_000)
      await client.end()
      await direct.query('DELETE FROM loaded')
      const args = [
        '--no-defaults',
        '-h127.0.0.1',
        `-P${door.port}`,
        '-uann',
        `-p${PASSWORD}`,
        '-Dmaria',
      ]
      const flags = compress ? ['--compress'] : []
      await call('mysql', [...args, ...flags, '--local-infile=1', '-e', `${sql}; SELECT 1`])
      assert.deepEqual(await loaded(), { n: 40_000, bytes: 4_000_000 })
      await direct.query('DELETE FROM loaded')
    }
  })

  test('rows that the table refuses fail as they do directly, and the session goes on', async () => {
    const client = await connect()
    await direct.query("INSERT INTO loaded VALUES (1, 'there')")
    const replacing = LOAD.replace('INTO TABLE', 'REPLACE INTO TABLE')
    assert.equal((await load(client, ['1,again\n'], replacing))[0].affectedRows, 2)
    await assert.rejects(load(client, ['5,x\n'], `${LOAD} (missing)`), { errno: 1054 })
    await client.beginTransaction()
    await load(client, ['7,seven\n'])
    await client.rollback()
    assert.equal((await loaded()).n, 1)
    await client.end()
  })

  test('a file bigger than any buffer passes', async () => {
    const client = await connect()
    await direct.query('CREATE OR REPLACE TABLE loaded_long (id INT PRIMARY KEY, v LONGTEXT)')
    const line = `${'z'.repeat(MEGABYTE - 100)}\n`
    const parts = Array.from({ length: 40 }, (_, at) => `${at},${line}`)
    const [result] = await load(client, parts, LOAD.replace('loaded', 'loaded_long'))
    assert.equal(result.affectedRows, 40)
    await direct.query('DROP TABLE loaded_long')
    await client.end()
  })

  test('a client that leaves in the middle of its file leaves nothing behind', async () => {
    const client = new RawClient(door.port)
    assert.equal(
      await client.logIn({ database: 'maria', capabilities: CAPABILITY.localFiles }),
      'OK',
    )
    await client.send(Buffer.from(`\x03${LOAD}`))
    assert.equal(told(await client.next(1)), 'packet 0xfb')
    await client.send(Buffer.from('1,one\n2,two\n'), 2)
    client.socket.destroy()
    // The lock on the rows of the lost statement must come free, too.
    await direct.query("INSERT INTO loaded VALUES (1, 'mine'), (2, 'mine')")
    assert.equal((await loaded()).bytes, 8)
  })

  test('nobody loads without write on the table, the switch, the client’s offer, or by COM_STMT_PREPARE', async () => {
    const bob = await connect({ user: 'bob' })
    await assert.rejects(load(bob, ['1,x\n']), { errno: 1142 })
    await bob.end()
    const ann = await connect()
    await assert.rejects(ann.prepare(LOAD), { errno: 1295 })
    await ann.end()
    const silent = await connect({ flags: ['-LOCAL_FILES'] })
    await assert.rejects(load(silent, ['1,x\n']), { errno: 3948 })
    await silent.end()
    const closed = await openDoor({ backendUrl: url })
    const client = await mysql.createConnection(there(closed.port))
    await assert.rejects(load(client, ['1,x\n']), /an administrator can allow local files/)
    await client.query('SELECT 1')
    await client.end()
    await closed.close()
    assert.equal((await loaded()).n, 0)
  })

  test('a backend gets no file that the statement does not name, and none twice', async () => {
    const ask = (name: string) => Buffer.from(`\xfb${name}`, 'latin1')
    const cases = [
      ['SELECT 1', [ask('/etc/passwd')]],
      [LOAD, [ask('/etc/passwd')]],
      [LOAD, [ask('')]],
      [LOAD, [ask('rows.csv'), ask('rows.csv')]],
    ] as const
    for (const [sql, answer] of cases) {
      const backend = await startFalseBackend(encodePackets(answer, 1))
      const own = await openDoor({
        backendUrl: `mysql://any:thing@127.0.0.1:${backend.port}/any`,
        policy: { allowLocalFiles: true },
        backendTls: 'disable',
      })
      const client = new RawClient(own.port)
      await client.logIn({ database: 'maria', capabilities: CAPABILITY.localFiles })
      assert.equal(await client.ask(Buffer.from(`\x03${sql}`)), 'ERR 2013')
      client.socket.destroy()
      await own.close()
      backend.close()
    }
  })
})

/** mysql2 takes bytes only. */
function fileOf(parts: Iterable<string>): Readable {
  return Readable.from(
    [...parts].map((part) => Buffer.from(part)),
    { objectMode: false },
  )
}
