import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { ConsoleMessage, ConsoleRequest } from '@articdbm/contract'
import { WebSocket } from 'ws'
import {
  addTestDatabase,
  skipReason,
  type TestDatabase,
  type TestEngine,
} from '../support/databases.ts'
import { type Person, Product } from '../support/product.ts'
import type { Rest } from '../support/rest.ts'

const TIMEOUT_MS = 30_000

/** A console's socket, with what it has received so far. */
class Page {
  readonly received: ConsoleMessage[] = []
  readonly #socket: WebSocket
  #stir: () => void = () => undefined

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (bytes) => {
      this.received.push(JSON.parse(String(bytes)))
      this.#stir()
    })
  }

  static async open(product: Product, token: string): Promise<Page> {
    const socket = new WebSocket(`${product.restUrl.replace('http', 'ws')}/api/v1/console`)
    const page = new Page(socket)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    page.send({ type: 'hello', token })
    await page.until((message) => message.type === 'ready')
    return page
  }

  send(request: ConsoleRequest): void {
    this.#socket.send(JSON.stringify(request))
  }

  async until(isIt: (message: ConsoleMessage) => boolean): Promise<ConsoleMessage> {
    const deadline = Date.now() + TIMEOUT_MS
    for (;;) {
      const found = this.received.find(isIt)
      if (found) return found
      const left = deadline - Date.now()
      if (left < 0) throw new Error(`never came; received ${JSON.stringify(this.received)}`)
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#stir = resolve
        }),
        new Promise((resolve) => setTimeout(resolve, left + 1).unref()),
      ])
    }
  }

  /** All messages of a run, in order. */
  async run(id: string, database: string, sql: string, pageRows = 500): Promise<ConsoleMessage[]> {
    this.send({ type: 'run', id, database, sql, pageRows })
    await this.until((m) => m.type === 'finished' && m.id === id)
    return this.received.filter((m) => 'id' in m && m.id === id)
  }

  close(): void {
    this.#socket.terminate()
  }
}

/** A 64-bit integer is text, so that none is rounded; SQLite's are all of them. */
function texts(rows: readonly unknown[][]): string[][] {
  return rows.map((row) => row.map(String))
}

const ENGINES: readonly TestEngine[] = ['sqlite', 'postgres', 'mariadb']

describe('REST queries and the console, through the gateway', () => {
  let product: Product
  let rest: Rest
  let page: Page
  const databases: TestDatabase[] = []

  before(async () => {
    product = await Product.start()
    rest = await product.login()
    for (const engine of ENGINES) {
      if (skipReason(engine)) continue
      const name = `console_${engine}`
      databases.push(await addTestDatabase(product, engine, name))
      const actions = ['read', 'write', 'admin'] as const
      await rest.data('POST', 'grants', { user: 'owner', database: name, schema: '*', actions })
    }
    page = await Page.open(product, rest.token)
  })
  after(async () => {
    page?.close()
    for (const database of databases) await database.close()
    await product?.stop()
  })

  for (const engine of ENGINES) {
    const name = `console_${engine}`
    const skip = skipReason(engine)
    const query = (body: object) => rest.post(`databases/${name}/query`, body)

    test(`a connection test says how far ${engine} is`, { skip }, async () => {
      const tested = await rest.data('POST', `databases/${name}/test`)
      assert.equal(tested.isReachable, true, tested.message)
      assert.ok(tested.latencyMs >= 0)
      assert.match(tested.serverVersion, /\d/)
    })

    test(`rows keep their types and nulls (${engine})`, { skip }, async () => {
      const sql =
        'SELECT id, status, total, NULL AS missing FROM orders WHERE id = 1 OR id = 3 ORDER BY id'
      const { status, body } = await query({ sql })
      assert.equal(status, 200, JSON.stringify(body))
      const total = engine === 'sqlite' ? [10.5, 30.25] : ['10.50', '30.25']
      assert.deepEqual(
        body.data.rows.map((row: unknown[]) =>
          row.map((cell, at) => (at === 0 || at === 2 ? String(Number(cell)) : cell)),
        ),
        [
          ['1', 'open', String(Number(total[0])), null],
          ['3', 'open', String(Number(total[1])), null],
        ],
      )
      assert.deepEqual(
        body.data.columns.map((column: { name: string }) => column.name),
        ['id', 'status', 'total', 'missing'],
      )
      assert.deepEqual([body.data.isTruncated, body.data.statements], [false, 1])
    })

    test(`no more rows come than were asked for, and the answer says so (${engine})`, {
      skip,
    }, async () => {
      const { body } = await query({ sql: 'SELECT id FROM orders ORDER BY id', maxRows: 2 })
      assert.deepEqual([texts(body.data.rows), body.data.isTruncated], [[['1'], ['2']], true])
      const all = await query({ sql: 'SELECT id FROM orders ORDER BY id', maxRows: 3 })
      assert.equal(all.body.data.isTruncated, false)
    })

    test(`parameters are bound, never pasted (${engine})`, { skip }, async () => {
      const placeholder = engine === 'mariadb' ? '?' : '$1'
      const sql = `SELECT name FROM customers WHERE name = ${placeholder}`
      const { body } = await query({ sql, parameters: ["Grace' OR '1'='1"] })
      assert.deepEqual(body.data?.rows, [], JSON.stringify(body))
      const found = await query({ sql, parameters: ['Grace'] })
      assert.deepEqual(found.body.data.rows, [['Grace']])
    })

    test(`a change says how many rows it changed (${engine})`, { skip }, async () => {
      const { body } = await query({ sql: "UPDATE orders SET status = 'seen' WHERE id IN (1, 2)" })
      assert.equal(body.data?.affected, 2, JSON.stringify(body))
      await query({ sql: "UPDATE orders SET status = 'open' WHERE id IN (1, 2)" })
    })

    test(`a failing statement says why, in the backend's own words (${engine})`, {
      skip,
    }, async () => {
      const { status, body } = await query({ sql: 'SELECT nothing_such FROM orders' })
      assert.deepEqual([status, body.error], [422, 'statement_failed'], JSON.stringify(body))
      assert.match(body.message, /nothing_such/)
      if (engine === 'postgres')
        assert.deepEqual([body.meta.sqlState, body.meta.position], ['42703', 8])
      if (engine === 'mariadb') assert.equal(body.meta.mysqlErrno, 1054)
    })

    test(`the console streams page by page as it is asked (${engine})`, { skip }, async () => {
      const id = `pages-${engine}`
      const sql = 'SELECT a.id, b.id FROM orders a, orders b ORDER BY a.id, b.id'
      page.send({ type: 'run', id, database: name, sql, pageRows: 4 })
      await page.until((m) => m.type === 'rows' && m.id === id)
      const rows = () =>
        page.received.flatMap((m) => (m.type === 'rows' && m.id === id ? m.rows : []))
      assert.equal(rows().length, 4, 'the second page waits')
      page.send({ type: 'more', id })
      await page.until((m) => m.type === 'rows' && m.id === id && String(m.rows[0]?.[0]) === '2')
      page.send({ type: 'more', id })
      await page.until((m) => m.type === 'finished' && m.id === id)
      assert.equal(rows().length, 9)
    })

    test(`a transaction lives as long as its tab (${engine})`, { skip }, async () => {
      const begun = await page.run(
        `t1-${engine}`,
        name,
        "BEGIN; UPDATE orders SET status = 'mine' WHERE id = 3",
      )
      assert.ok(!begun.some((m) => m.type === 'error'), JSON.stringify(begun))
      const other = await query({ sql: 'SELECT status FROM orders WHERE id = 3' })
      if (engine !== 'sqlite') assert.deepEqual(other.body.data?.rows, [['open']])
      const ended = await page.run(
        `t2-${engine}`,
        name,
        'ROLLBACK; SELECT status FROM orders WHERE id = 3',
      )
      const rows = ended.flatMap((m) => (m.type === 'rows' ? m.rows : []))
      assert.deepEqual(rows, [['open']], JSON.stringify(ended))
    })

    test(`an error names its statement and its place in the text (${engine})`, {
      skip,
    }, async () => {
      const sql = 'SELECT 1; SELECT nothing_such FROM orders; SELECT 2'
      const messages = await page.run(`e-${engine}`, name, sql)
      const error = messages.find((m) => m.type === 'error')
      assert.ok(error?.type === 'error', JSON.stringify(messages))
      assert.equal(error.index, 1)
      if (engine === 'postgres') assert.equal(error.position, sql.indexOf('nothing_such'))
      assert.equal(messages.filter((m) => m.type === 'statement').length, 2)
    })

    test(`cancel stops what the server executes (${engine})`, { skip }, async () => {
      const id = `c-${engine}`
      const sql = {
        postgres: 'SELECT count(*) FROM generate_series(1, 2000000000)',
        mariadb: 'SELECT count(*) FROM seq_a_to_z',
        sqlite:
          'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000000) SELECT count(*) FROM n',
      }[engine]
      const slow =
        engine === 'mariadb'
          ? `WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000) SELECT count(*) FROM n a, n b, n c, n d`
          : sql
      page.send({ type: 'run', id, database: name, sql: slow })
      await page.until((m) => m.type === 'statement' && m.id === id)
      await new Promise((resolve) => setTimeout(resolve, 500))
      const startedMs = Date.now()
      page.send({ type: 'cancel', id })
      await page.until((m) => m.type === 'finished' && m.id === id)
      assert.ok(Date.now() - startedMs < 5_000)
      const error = page.received.find((m) => m.type === 'error' && m.id === id)
      assert.ok(
        error?.type === 'error' && ['57014', '1317'].includes(error.code),
        JSON.stringify(error),
      )
      const next = await page.run(`${id}-next`, name, 'SELECT 7')
      assert.ok(
        next.some((m) => m.type === 'rows' && String(m.rows[0]?.[0]) === '7'),
        JSON.stringify(next),
      )
    })

    test(`leaving a result half read leaves the tab usable (${engine})`, { skip }, async () => {
      const id = `half-${engine}`
      const sql = 'SELECT a.id FROM orders a, orders b, orders c'
      page.send({ type: 'run', id, database: name, sql, pageRows: 5 })
      await page.until((m) => m.type === 'rows' && m.id === id)
      page.send({ type: 'cancel', id })
      await page.until((m) => m.type === 'finished' && m.id === id)
      const next = await page.run(`${id}-next`, name, 'SELECT 8')
      assert.ok(
        next.some((m) => m.type === 'rows' && String(m.rows[0]?.[0]) === '8'),
        JSON.stringify(next),
      )
    })

    test(`who lacks the grant is blocked with rule and verdict id on both (${engine})`, {
      skip,
    }, async () => {
      const reader: Person = await product.addPerson(`reader_${engine}`, [
        { database: name, table: 'orders', actions: ['read'] },
      ])
      const theirs = await product.login(reader)
      const { status, body } = await theirs.post(`databases/${name}/query`, {
        sql: 'SELECT * FROM secrets',
      })
      assert.deepEqual([status, body.error], [403, 'statement_blocked'], JSON.stringify(body))
      const own = await Page.open(product, theirs.token)
      const messages = await own.run('b', name, 'SELECT * FROM secrets')
      own.close()
      const error = messages.find((m) => m.type === 'error')
      assert.ok(
        error?.type === 'error' && error.code === 'statement_blocked',
        JSON.stringify(messages),
      )
      assert.equal(error.rule, body.meta.rule)
      await product.auditIsShipped()
      const entry = await rest.data('GET', `audit/${body.meta.verdictId}`)
      assert.deepEqual(
        [entry.principal, entry.door, entry.database, entry.verdict],
        [reader.name, 'rest', name, 'block'],
      )
      const second = await rest.data('GET', `audit/${error.verdictId}`)
      assert.deepEqual(
        [second.door, second.rule, second.address],
        ['console', entry.rule, entry.address],
      )
    })
  }

  test('a statement that takes too long over REST is cancelled at the backend', async () => {
    const sql =
      'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 2000000000) SELECT count(*) FROM n'
    const { status, body } = await rest.post('databases/console_sqlite/query', {
      sql,
      timeoutMs: 500,
    })
    assert.deepEqual([status, body.error], [504, 'statement_timeout'], JSON.stringify(body))
  })

  test('COPY in the console neither hangs nor harms', {
    skip: skipReason('postgres'),
  }, async () => {
    for (const sql of ['COPY orders FROM STDIN', 'COPY orders TO STDOUT']) {
      await page.run(`copy ${sql}`, 'console_postgres', sql)
    }
    const next = await page.run('after-copy', 'console_postgres', 'SELECT 9')
    assert.ok(
      next.some((m) => m.type === 'rows' && String(m.rows[0]?.[0]) === '9'),
      JSON.stringify(next),
    )
  })

  test('a database that is not there, and one that nothing grants, look the same', async () => {
    const nobody = await product.login(await product.addPerson('stranger', []))
    const answers = await Promise.all(
      ['console_sqlite', 'no_such_thing'].map((name) =>
        nobody.post(`databases/${name}/query`, { sql: 'SELECT 1' }),
      ),
    )
    assert.deepEqual(
      answers.map(({ status, body }) => [status, body.error]),
      [
        [404, 'unknown_database'],
        [404, 'unknown_database'],
      ],
    )
  })
})
