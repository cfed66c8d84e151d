// Clients of PostgreSQL through the whole product: what they get is what they get from the server itself.
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import pg from 'pg'
import { addTestDatabase, skipReason, type TestDatabase } from '../support/databases.ts'
import { Product } from '../support/product.ts'
import { serverUrl } from '../support/servers/index.ts'
import { PSQL_SCRIPTS } from './postgres-scripts.ts'
import { PARAMETERS, VALUES, WRONG } from './postgres-values.ts'
import { execute, missing } from './program.ts'

const NAME = 'clients_pg'
/** Each connection has temporary tables under a number of its own. */
const TEMPORARY = /pg_temp_\d+/g

interface Way {
  readonly name: 'direct' | 'door'
  readonly environment: Record<string, string>
}

describe('clients of PostgreSQL', { skip: skipReason('postgres'), timeout: 180_000 }, () => {
  let product: Product
  let database: TestDatabase
  let direct: Way
  let door: Way

  before(async () => {
    product = await Product.start()
    database = await addTestDatabase(product, 'postgres', NAME)
    const person = await product.addPerson('ada', [
      { database: NAME, schema: '*', actions: ['read', 'write', 'admin'] },
    ])
    const url = new URL(serverUrl('postgres').url)
    direct = way('direct', {
      PGPORT: url.port,
      PGUSER: decodeURIComponent(url.username),
      PGPASSWORD: decodeURIComponent(url.password),
    })
    door = way('door', {
      PGPORT: `${product.ports.postgres}`,
      PGUSER: person.name,
      PGPASSWORD: person.password,
    })
  })
  after(async () => {
    await database?.close()
    await product?.stop()
  })

  const way = (name: Way['name'], environment: Record<string, string>): Way => ({
    name,
    environment: { PGHOST: '127.0.0.1', PGDATABASE: NAME, PGCONNECT_TIMEOUT: '20', ...environment },
  })

  describe('psql', { skip: missing('psql') }, () => {
    for (const [name, script] of Object.entries(PSQL_SCRIPTS)) {
      test(`prints the same: ${name}`, async () => {
        const printed = await bothWays((there) => psql(there, script))
        assert.equal(printed.door, printed.direct)
      })
    }

    test('\\copy takes rows from a file and to one', async () => {
      const file = join(product.directory, 'rows.csv')
      await writeFile(file, '1,"a,b",\n2,,2026-01-02\n3,"é\n😀",infinity\n')
      const script = `
        CREATE TEMP TABLE copied (id int, label text, day date);
        \\copy copied from '${file}' csv
        \\copy copied to stdout csv header
        \\copy (select id, label from copied where id > 1) to stdout
        COPY copied FROM STDIN;
4\tfour\t\\N
\\.
        \\copy copied (id) from '/nonexistent/file'
        COPY copied FROM STDIN;
not a number\tx\t\\N
\\.
        SELECT * FROM copied ORDER BY id;`
      const printed = await bothWays((there) => psql(there, script))
      assert.equal(printed.door, printed.direct)
    })
  })

  async function psql({ environment }: Way, input: string): Promise<string> {
    const options = ['-X', '--echo-all', '-v', 'VERBOSITY=verbose', '-P', 'null=<null>', '-f', '-']
    const { code, out, err } = await execute('psql', options, { input, environment })
    return `${out}\n--- errors\n${err}\n--- ${code}`.replaceAll(TEMPORARY, 'pg_temp')
  }

  async function bothWays<T>(ask: (there: Way) => Promise<T>): Promise<{ direct: T; door: T }> {
    return { direct: await ask(direct), door: await ask(door) }
  }

  describe('pgbench', { skip: missing('pgbench') }, () => {
    before(async () => {
      const { code, err } = await execute('pgbench', ['-i', '-q', '-s', '1'], {
        environment: direct.environment,
      })
      assert.equal(code, 0, err)
    })
    for (const mode of ['simple', 'extended', 'prepared']) {
      for (const script of ['select-only', 'tpcb-like', 'simple-update']) {
        test(`${script} by the ${mode} protocol fails nowhere`, async () => {
          const options = ['-n', '-c', '4', '-t', '25', '-b', script, '-M', mode]
          const { code, out, err } = await execute('pgbench', options, {
            environment: door.environment,
          })
          assert.equal(code, 0, err)
          assert.match(out, /transactions actually processed: 100\/100\n/)
          assert.match(out, /number of failed transactions: 0 /)
        })
      }
    }
  })

  describe('node pg', () => {
    const clients: Partial<Record<Way['name'], pg.Client>> = {}
    before(async () => {
      for (const { name, environment } of [direct, door]) {
        const client = new pg.Client({
          host: '127.0.0.1',
          port: Number(environment.PGPORT),
          user: environment.PGUSER,
          password: environment.PGPASSWORD,
          database: NAME,
        })
        await client.connect()
        clients[name] = client
      }
    })
    after(async () => {
      for (const client of Object.values(clients)) await client.end()
    })

    const ask = (there: Way, wish: pg.QueryConfig & { binary?: boolean }) =>
      bare(clients[there.name] as pg.Client, wish)

    for (const isBinary of [false, true]) {
      test(`reads ${VALUES.length} values as ${isBinary ? 'bytes' : 'text'}`, async () => {
        const text = `SELECT ${VALUES.map((value, at) => `${value} AS v${at}`).join(', ')}`
        const answers = await bothWays((there) => ask(there, { text, binary: isBinary }))
        assert.deepEqual(answers.door, answers.direct)
        assert.equal(answers.door.rows?.[0]?.length, VALUES.length)
      })
    }

    for (const { type, values } of PARAMETERS) {
      test(`sends ${values.length} parameters of type ${type}, named and unnamed`, async () => {
        for (const [at, value] of values.entries()) {
          const text = `SELECT $1::${type} AS given, $1::${type} IS NULL AS is_null`
          for (const name of [undefined, `by ${type}`]) {
            const wish = { text, values: [value], ...(name && { name }) }
            const answers = await bothWays((there) => ask(there, wish))
            assert.deepEqual(answers.door, answers.direct, `value ${at}`)
          }
        }
      })
    }

    for (const text of WRONG) {
      test(`tells the same of the error in ${JSON.stringify(text)}`, async () => {
        for (const name of [undefined, `wrong ${text}`]) {
          const answers = await bothWays((there) => ask(there, { text, ...(name && { name }) }))
          assert.deepEqual(answers.door, answers.direct)
          assert.ok(answers.door.error)
        }
      })
    }

    test('tells of broken syntax with the same SQLSTATE, in words of its own', async () => {
      const answers = await bothWays((there) => ask(there, { text: 'SELEC 1' }))
      assert.equal(answers.door.error?.code, answers.direct.error?.code)
      assert.match(answers.door.error?.message ?? '', /syntax error at or near "SELEC"/)
    })

    test('commits and rolls back alike, with the same state after an error', async () => {
      const steps = [
        'CREATE TEMP TABLE moved (id int PRIMARY KEY, at timestamptz)',
        'BEGIN ISOLATION LEVEL REPEATABLE READ',
        'INSERT INTO moved VALUES (1, NULL), (2, NULL)',
        'SAVEPOINT here',
        'INSERT INTO moved VALUES (1, NULL)',
        'SELECT 1',
        'ROLLBACK TO here',
        'UPDATE moved SET id = id + 10 RETURNING id',
        'COMMIT',
        'BEGIN',
        'DELETE FROM moved',
        'ROLLBACK',
        'SELECT id FROM moved ORDER BY id',
        'SHOW transaction_isolation',
      ]
      const answers = await bothWays(async (there) => {
        const told: unknown[] = []
        for (const text of steps) told.push(await ask(there, { text }))
        return told
      })
      assert.deepEqual(answers.door, answers.direct)
    })
  })
})

interface Told {
  readonly command?: string
  readonly rowCount?: number | null
  readonly fields?: readonly object[]
  readonly rows?: readonly unknown[][]
  readonly error?: {
    readonly code?: string | undefined
    readonly message: string
    readonly [field: string]: unknown
  }
}

/** Everything that the server said, without a driver's reading of it. */
async function bare(client: pg.Client, wish: pg.QueryConfig): Promise<Told> {
  const types = { getTypeParser: () => (value: unknown) => value }
  try {
    const result = await client.query<unknown[]>({ ...wish, types, rowMode: 'array' } as never)
    const { command, rowCount, fields, rows } = result as pg.QueryArrayResult<unknown[]>
    // The table's number differs for temporary tables.
    return { command, rowCount, fields: fields.map(({ tableID: _, ...rest }) => rest), rows }
  } catch (error) {
    const { length: _, stack: __, ...fields } = error as pg.DatabaseError
    const schema = fields.schema?.replaceAll(TEMPORARY, 'pg_temp')
    return { error: { ...fields, schema, message: (error as Error).message } }
  }
}
