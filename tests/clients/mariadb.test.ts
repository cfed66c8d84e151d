// Clients of MariaDB through the whole product: what they get is what they get from the server itself.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import mysql from 'mysql2/promise'
import { addTestDatabase, skipReason, type TestDatabase } from '../support/databases.ts'
import { Product } from '../support/product.ts'
import { serverUrl } from '../support/servers/index.ts'
import { MYSQL_SCRIPTS } from './mariadb-scripts.ts'
import { PARAMETERS, VALUES, WRONG } from './mariadb-values.ts'
import { execute, missing } from './program.ts'

const NAME = 'clients_maria'

interface Way {
  readonly name: 'direct' | 'door'
  readonly port: number
  readonly user: string
  readonly password: string
}

describe('clients of MariaDB', { skip: skipReason('mariadb'), timeout: 180_000 }, () => {
  let product: Product
  let database: TestDatabase
  let direct: Way
  let door: Way

  before(async () => {
    product = await Product.start()
    database = await addTestDatabase(product, 'mariadb', NAME)
    const person = await product.addPerson('ada', [
      { database: NAME, schema: '*', actions: ['read', 'write', 'admin'] },
    ])
    const url = new URL(serverUrl('mariadb').url)
    const [user, password] = [url.username, url.password].map(decodeURIComponent)
    direct = { name: 'direct', port: Number(url.port), user: user ?? '', password: password ?? '' }
    door = {
      name: 'door',
      port: product.ports.mysql,
      user: person.name,
      password: person.password,
    }
  })
  after(async () => {
    await database?.close()
    await product?.stop()
  })

  async function bothWays<T>(ask: (there: Way) => Promise<T>): Promise<{ direct: T; door: T }> {
    return { direct: await ask(direct), door: await ask(door) }
  }

  describe('mysql', { skip: missing('mysql') }, () => {
    const LOOKS = {
      batch: ['--batch'],
      table: ['--table'],
      vertical: ['--vertical'],
      xml: ['--xml'],
    }
    for (const [name, script] of Object.entries(MYSQL_SCRIPTS)) {
      for (const [look, options] of Object.entries(LOOKS)) {
        test(`prints the same as ${look}: ${name}`, async () => {
          const printed = await bothWays((there) => client(there, options, script))
          assert.equal(printed.door, printed.direct)
        })
      }
    }
  })

  async function client(there: Way, look: readonly string[], input: string): Promise<string> {
    const options = ['--no-defaults', '-h127.0.0.1', `-P${there.port}`, `-u${there.user}`]
    const { code, out, err } = await execute(
      'mysql',
      [...options, '--force', '--show-warnings', '--default-character-set=utf8mb4', ...look, NAME],
      { input, environment: { MYSQL_PWD: there.password } },
    )
    return `${out}\n--- errors\n${err}\n--- ${code}`
  }

  describe('sysbench', { skip: missing('sysbench') }, () => {
    const sysbench = (there: Way, step: string, mode = 'auto') =>
      execute('sysbench', [
        ...['oltp_read_only', '--db-driver=mysql', '--mysql-host=127.0.0.1', '--tables=1'],
        ...[`--mysql-port=${there.port}`, `--mysql-user=${there.user}`, `--mysql-db=${NAME}`],
        ...[`--mysql-password=${there.password}`, '--table-size=300', '--threads=4'],
        ...['--events=100', '--time=30', `--db-ps-mode=${mode}`, step],
      ])
    before(async () => {
      const { code, out } = await sysbench(direct, 'prepare')
      assert.equal(code, 0, out)
    })
    for (const mode of ['auto', 'disable']) {
      test(`oltp_read_only fails nowhere, with prepared statements: ${mode}`, async () => {
        const { code, out, err } = await sysbench(door, 'run', mode)
        assert.equal(code, 0, out + err)
        assert.match(out, /transactions: +100 /)
        assert.match(out, /ignored errors: +0 /)
      })
    }
  })

  describe('mysql2', () => {
    const clients: Partial<Record<Way['name'], mysql.Connection>> = {}
    before(async () => {
      for (const { name, port, user, password } of [direct, door]) {
        const wish = { host: '127.0.0.1', port, user, password, database: NAME }
        clients[name] = await mysql.createConnection({
          ...wish,
          rowsAsArray: true,
          supportBigNumbers: true,
          bigNumberStrings: true,
          dateStrings: true,
        })
      }
    })
    after(async () => {
      for (const client of Object.values(clients)) await client.end()
    })

    const ask = (there: Way, how: 'query' | 'execute', sql: string, values: Given[] = []) => {
      const client = clients[there.name] as mysql.Connection
      return bare(() => (how === 'query' ? client.query(sql, values) : client.execute(sql, values)))
    }

    for (const how of ['query', 'execute'] as const) {
      test(`reads ${VALUES.length} values by ${how}`, async () => {
        const sql = `SELECT ${VALUES.map((value, at) => `${value} AS v${at}`).join(', ')}`
        const answers = await bothWays((there) => ask(there, how, sql))
        assert.deepEqual(answers.door, answers.direct)
        assert.equal(answers.door.fields?.length, VALUES.length)
      })

      test(`sends ${PARAMETERS.length} parameters by ${how}`, async () => {
        for (const value of PARAMETERS) {
          const sql = 'SELECT ? AS given, ? IS NULL AS is_null, HEX(?) AS bytes'
          const answers = await bothWays((there) => ask(there, how, sql, [value, value, value]))
          assert.deepEqual(answers.door, answers.direct, String(value))
        }
      })

      for (const sql of WRONG) {
        test(`tells the same of the error in ${JSON.stringify(sql)} by ${how}`, async () => {
          const answers = await bothWays((there) => ask(there, how, sql))
          assert.deepEqual(answers.door, answers.direct)
          assert.ok(answers.door.error)
        })
      }

      test(`commits and rolls back alike by ${how}`, async () => {
        const steps = [
          'DROP TABLE IF EXISTS moved',
          'CREATE TABLE moved (id int AUTO_INCREMENT PRIMARY KEY, note varchar(20) NOT NULL)',
          'START TRANSACTION',
          "INSERT INTO moved (note) VALUES ('a'), ('b')",
          'SAVEPOINT here',
          "INSERT INTO moved (id, note) VALUES (1, 'again')",
          'ROLLBACK TO here',
          "UPDATE moved SET note = 'c' WHERE id = 2",
          'COMMIT',
          'BEGIN',
          'DELETE FROM moved',
          'ROLLBACK',
          'SELECT * FROM moved ORDER BY id',
          'SELECT LAST_INSERT_ID(), @@autocommit',
          'DROP TABLE moved',
        ]
        const answers = await bothWays(async (there) => {
          const told: unknown[] = []
          for (const sql of steps) told.push(await ask(there, how, sql))
          return told
        })
        assert.deepEqual(answers.door, answers.direct)
      })
    }

    test('is told of broken syntax before the server sees it', async () => {
      const answers = await bothWays((there) => ask(there, 'query', 'SELEC 1'))
      assert.equal(answers.direct.error?.errno, 1064)
      assert.equal(answers.door.error?.errno, 1064)
      assert.match(answers.door.error?.message ?? '', /Rule statement\.incomplete/)
    })
  })
})

type Given = string | number | bigint | boolean | Date | Buffer | null

interface Told {
  readonly rows?: unknown
  readonly fields?: readonly object[] | undefined
  readonly error?: { errno?: number; code?: string; sqlState?: string; message: string }
}

/** Everything that the server said; columns without the driver's own buffers. */
async function bare(ask: () => Promise<[unknown, mysql.FieldPacket[]]>): Promise<Told> {
  try {
    const [rows, columns] = await ask()
    return { rows: withPlainWords(rows), fields: columns?.map(bareField) }
  } catch (error) {
    const { errno, code, sqlState, message } = error as NonNullable<Told['error']>
    return { error: { errno, code, sqlState, message } as NonNullable<Told['error']> }
  }
}

/** Without session tracking, mysql2 takes the length before an OK packet's words for a letter. */
function withPlainWords(rows: unknown): unknown {
  const header = rows as { info?: string }
  return header.info ? { ...header, info: header.info.replace(/^.(?=R)/, '') } : rows
}

const UTF8MB4: ReadonlySet<unknown> = new Set([45, 224])

/** A collation that is set by a statement shows as its charset's default one: the charset is the same. */
function bareField(field: mysql.FieldPacket) {
  const { name, orgName, table, orgTable, type, flags, ...rest } = field
  const { columnLength, characterSet, decimals } = rest as Partial<Record<string, unknown>>
  const charset = UTF8MB4.has(characterSet) ? 'utf8mb4' : characterSet
  return { name, orgName, table, orgTable, type, flags, columnLength, charset, decimals }
}
