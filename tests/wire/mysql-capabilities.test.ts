// What clients may negotiate and ask of the session itself: each client works, whatever its backend can do.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { CAPABILITY, encodeCommand, STATUS } from '@articdbm/wire/mysql'
import mysql, { type Connection, type ConnectionOptions, type RowDataPacket } from 'mysql2/promise'
import { serverUrl } from '../support/servers/index.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'
import { createLite } from './mysql/lite.ts'
import { RawClient } from './mysql/raw.ts'

const { url, skip } = serverUrl('mariadb')
const DATABASES = ['maria', 'lite'] as const

describe('what clients negotiate at the MySQL door', { skip }, () => {
  let door: TestDoor

  before(async () => {
    door = await openDoor({
      backendUrl: url,
      sqliteFile: createLite(),
      serverVersion: '9.1.2-shop',
    })
  })
  after(() => door?.close())

  const there = (database = 'maria') => ({
    ...{ host: '127.0.0.1', port: door.port, user: 'ann', password: PASSWORD, database },
  })

  const withClient = async (
    work: (client: Connection) => Promise<void>,
    options: ConnectionOptions = {},
  ) => {
    const client = await mysql.createConnection({ ...there(), ...options })
    try {
      await work(client)
    } finally {
      client.destroy()
    }
  }

  const first = async (client: Connection, sql: string, values?: unknown[]) => {
    const [rows] = await client.query<RowDataPacket[]>({ sql, rowsAsArray: true }, values ?? [])
    return rows[0] as unknown as unknown[]
  }

  const FLAGS = [
    [],
    ['-DEPRECATE_EOF'],
    ['-SESSION_TRACK'],
    ['-CLIENT_QUERY_ATTRIBUTES'],
    ['-DEPRECATE_EOF', '-SESSION_TRACK', '-CLIENT_QUERY_ATTRIBUTES', '-MULTI_RESULTS'],
  ]
  for (const database of DATABASES) {
    for (const flags of FLAGS) {
      test(`a client with the flags ${flags.join(' ') || 'of its own'} reads and writes ${database}`, async () => {
        await withClient(
          async (client) => {
            assert.equal(Number((await first(client, 'SELECT 1 + 1'))?.[0]), 2)
            const [rows] = await client.execute<RowDataPacket[]>('SELECT ? AS a, ? AS b', ['x', 7])
            assert.deepEqual([rows[0]?.a, Number(rows[0]?.b)], ['x', 7])
            await client.query(`USE ${database}`)
            await assert.rejects(client.query('SELECT * FROM missing_table'), { errno: 1146 })
          },
          { database, flags },
        )
      })
    }
  }

  test('attributes of a statement are left behind, whatever its parameters', async () => {
    for (const database of DATABASES) {
      await withClient(
        async (client) => {
          const attributes = { traceparent: 'x'.repeat(300), number: 7, nothing: null }
          const text = { sql: 'SELECT 5 AS v', attributes } as mysql.QueryOptions
          const [queried] = await client.query<RowDataPacket[]>(text)
          assert.equal(Number(queried[0]?.v), 5)
          const bound = { sql: 'SELECT ? AS v, ? AS w', attributes } as mysql.QueryOptions
          for (const values of [
            ['a', null],
            [1, 'b'],
            [null, null],
          ]) {
            const [rows] = await client.execute<RowDataPacket[]>(bound, values)
            assert.deepEqual([rows[0]?.v, rows[0]?.w].map(String), values.map(String))
          }
        },
        { database },
      )
    }
    assert.ok(door.statements().every((text) => !text.includes('traceparent')))
  })

  test('who tracks the session is told of its new database, and nobody else', async () => {
    for (const [capabilities, isTold] of [
      [CAPABILITY.sessionTrack, true],
      [0, false],
    ] as const) {
      const client = new RawClient(door.port)
      await client.logIn({ database: 'maria', capabilities })
      for (const command of [
        { kind: 'init db', database: Buffer.from('lite') },
        { kind: 'query', text: Buffer.from('USE maria') },
        { kind: 'query', text: Buffer.from('USE lite') },
      ] as const) {
        await client.send(encodeCommand(command))
        const { payload = Buffer.alloc(0) } = (await client.next(1)) ?? {}
        assert.equal((payload.readUInt16LE(3) & STATUS.sessionStateChanged) !== 0, isTold)
        const name = (command.kind === 'query' ? `${command.text}` : 'USE lite').slice(4)
        assert.equal(payload.subarray(7).includes(name), isTold)
      }
      client.socket.destroy()
    }
  })

  test('the version is the one that was set', async () => {
    const client = new RawClient(door.port)
    assert.equal((await client.greeting()).serverVersion, '9.1.2-shop')
    client.socket.destroy()
    await withClient(
      async (lite) =>
        assert.deepEqual(await first(lite, 'SELECT VERSION(), @@version'), [
          '9.1.2-shop',
          '9.1.2-shop',
        ]),
      { database: 'lite' },
    )
  })

  test('CONNECTION_ID() is the id that KILL takes, however it is asked for', async () => {
    for (const database of DATABASES) {
      await withClient(
        async (client) => {
          const { threadId } = client as unknown as { threadId: number }
          for (const sql of [
            'SELECT CONNECTION_ID()',
            'select connection_id() as id;',
            'SELECT  connection_id ( ) AS `id` LIMIT 1',
            '/* driver */ SELECT CONNECTION_ID(), DATABASE()',
          ]) {
            assert.equal(Number((await first(client, sql))?.[0]), threadId, sql)
            const [rows] = await client.execute<RowDataPacket[]>({ sql, rowsAsArray: true })
            assert.equal(Number((rows[0] as unknown as unknown[])[0]), threadId, sql)
          }
        },
        { database },
      )
    }
  })

  test('SHOW WARNINGS after a refusal tells the refusal, until the next statement', async () => {
    for (const database of DATABASES) {
      await withClient(
        async (client) => {
          await assert.rejects(client.query('SELECT * FROM secret'), { errno: 1142 })
          const [rows] = await client.query<RowDataPacket[]>('SHOW WARNINGS')
          assert.deepEqual([rows.length, rows[0]?.Level, Number(rows[0]?.Code)], [1, 'Error', 1142])
          assert.equal(Number((await first(client, 'SHOW COUNT(*) ERRORS'))?.[0]), 1)
          await client.query('SELECT 1')
          const [later] = await client.query<RowDataPacket[]>('SHOW ERRORS')
          assert.equal(later.length, 0)
        },
        { database, user: 'bob' },
      )
    }
  })

  test('a text that cannot be read is a syntax error, and says where', async () => {
    for (const database of DATABASES) {
      await withClient(
        async (client) => {
          const broken = 'SELECT 1 FRM nowhere WHERE'
          for (const ask of [client.query(broken), client.execute(broken)]) {
            await assert.rejects(ask, (error: mysql.QueryError) => {
              assert.deepEqual([error.errno, error.sqlState], [1064, '42000'])
              assert.match(error.message, /error in your SQL syntax.*"nowhere/)
              return true
            })
          }
        },
        { database },
      )
    }
  })

  test('what was prepared last is executed without knowing its id', async () => {
    const LAST = 0xffff_ffff
    const body = Buffer.alloc(0)
    const execute = encodeCommand({ kind: 'execute', statementId: LAST, flags: 0, body })
    for (const [database, text] of [
      ['maria', 'DO 1'],
      ['lite', 'DELETE FROM open_table WHERE id < 0'],
    ] as const) {
      const client = new RawClient(door.port)
      await client.logIn({ database })
      assert.equal(await client.ask(execute), 'ERR 1243')
      const prepare = encodeCommand({ kind: 'prepare', text: Buffer.from(text) })
      assert.equal(await client.ask(prepare), 'OK')
      assert.equal(await client.ask(execute), 'OK')
      const broken = encodeCommand({ kind: 'prepare', text: Buffer.from('broken') })
      assert.equal(await client.ask(broken), 'ERR 1064')
      assert.equal(await client.ask(execute), 'ERR 1243')
      client.socket.destroy()
    }
  })

  test('every other command is answered, and refused by name', async () => {
    const client = new RawClient(door.port)
    await client.logIn({ database: 'maria' })
    for (const code of [
      0x05, 0x06, 0x07, 0x08, 0x0d, 0x12, 0x13, 0x15, 0x1e, 0x20, 0xfa, 0x77, 0xff,
    ]) {
      assert.equal(await client.ask(Buffer.of(code, 1, 2, 3)), 'ERR 1047', `${code}`)
    }
    await client.send(Buffer.of(0x12, 0, 0, 0, 0))
    assert.match(
      `${(await client.next(1))?.payload}`,
      /COM_BINLOG_DUMP: replicate from the database/,
    )
    assert.equal(await client.ask(encodeCommand({ kind: 'ping' })), 'OK')
    client.socket.destroy()
  })

  test('clients of MySQL 8 and of other plugins are heard: collations of 8.0, ed25519, parsec', async () => {
    for (const plugin of ['client_ed25519', 'parsec', 'mysql_native_password', 'sha256_password']) {
      const client = new RawClient(door.port)
      assert.equal(await client.logIn({ database: 'maria', plugin, collation: 255 }), 'OK', plugin)
      assert.equal(client.switchedTo, 'caching_sha2_password')
      client.socket.destroy()
    }
    await withClient(
      async (client) => assert.deepEqual(await first(client, "SELECT 'ü🙂' = 'ü🙂'"), [1]),
      { charset: 'UTF8MB4_0900_AI_CI' },
    )
  })
})
