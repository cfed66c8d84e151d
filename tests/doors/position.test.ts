// What one session has written another one reads, once it is given the first one's position, however late the replica is.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { skipReason } from '../support/databases.ts'
import { type Person, Product } from '../support/product.ts'
import {
  addReplicated,
  openSession,
  type ReplicatedEngine,
  type Session,
  startPair,
  until,
} from '../support/replicated.ts'
import type { Pair } from '../support/servers/index.ts'

const TELL: Readonly<Record<ReplicatedEngine, string>> = {
  postgres: 'SHOW articdbm.position',
  mariadb: 'SELECT @@articdbm.position',
}
/** Makes the session keep its connection. */
const PIN: Readonly<Record<ReplicatedEngine, string>> = {
  postgres: 'SELECT pg_advisory_lock(1)',
  mariadb: "SELECT GET_LOCK('kept', 0)",
}
const REFUSED = /articdbm\.position: this is no position of/
const LATE_MS = 3_000

for (const engine of ['postgres', 'mariadb'] as const) {
  describe(`${engine}: positions go from session to session`, { skip: skipReason(engine) }, () => {
    const name = 'told'
    let product: Product
    let pair: Pair
    let person: Person
    let writer: Session
    let reader: Session
    let number = 0

    before(async () => {
      const started = await Promise.all([Product.start(), startPair(engine)])
      product = started[0]
      pair = started[1]
      await pair.primary.ask('CREATE TABLE notes (id int PRIMARY KEY)')
      await addReplicated(product, { name, engine, pair })
      await addReplicated(product, { name: 'other', engine, pair })
      person = await product.addPerson(
        'ann',
        [name, 'other'].map((database) => ({
          ...{ database, schema: '*', table: '*' },
          actions: ['read', 'write', 'admin'] as const,
        })),
      )
      writer = await openSession(product, person, { name, engine })
      reader = await openSession(product, person, { name, engine })
      await pair.replica.delay(LATE_MS)
    })
    after(async () => {
      writer?.close()
      reader?.close()
      await product?.stop()
      await pair?.stop()
    })

    const tell = async (on: Session) => (await on.ask(TELL[engine]))[0]?.[0] ?? ''
    const take = (on: Session, token: string) => on.ask(`SET articdbm.position = '${token}'`)
    const sees = async (on: Session, id: number) =>
      (await on.ask(`SELECT id FROM notes WHERE id = ${id}`)).length === 1

    /** Writes, and makes sure that a reader who was told nothing reads the late replica. */
    async function writeLate(on: Session): Promise<number> {
      const id = ++number
      await on.ask(`INSERT INTO notes VALUES (${id})`)
      return id
    }

    async function whileLate(work: (id: number) => Promise<void>, by = writer): Promise<void> {
      const ignorant = await openSession(product, person, { name, engine })
      await until('a case in which the replica was late all the time', async () => {
        const id = await writeLate(by)
        await work(id)
        return !(await sees(ignorant, id))
      })
      ignorant.close()
    }

    test('who is given the position sees what was written, at once and ever after', async () => {
      await whileLate(async (id) => {
        await take(reader, await tell(writer))
        assert.ok(await sees(reader, id))
      })
      const id = number
      const ignorant = await openSession(product, person, { name, engine })
      await until('it is on the replica, too', async () => {
        assert.ok(await sees(reader, id))
        return await sees(ignorant, id)
      })
      ignorant.close()
    })

    test('positions are handed on, and an older one takes nothing back', async () => {
      const third = await openSession(product, person, { name, engine })
      const old = await tell(writer)
      await whileLate(async (id) => {
        await take(reader, await tell(writer))
        await take(reader, old)
        await take(third, await tell(reader))
        assert.ok(await sees(third, id))
        assert.ok(await sees(reader, id))
      })
      third.close()
    })

    test('it holds what a session wrote on a connection that it keeps, and in a transaction', async () => {
      const keeping = await openSession(product, person, { name, engine })
      await keeping.ask(PIN[engine])
      await whileLate(async (id) => {
        await take(reader, await tell(keeping))
        assert.ok(await sees(reader, id))
      }, keeping)
      await whileLate(async (id) => {
        await keeping.ask('BEGIN')
        await keeping.ask(`INSERT INTO notes VALUES (${-id})`)
        await keeping.ask('COMMIT')
        await take(reader, await tell(keeping))
        assert.ok(await sees(reader, -id))
      }, keeping)
      keeping.close()
    })

    test('after it was taken back, reads go where they went before', async () => {
      await until('a read that may be stale', async () => {
        const id = await writeLate(writer)
        await take(reader, await tell(writer))
        assert.ok(await sees(reader, id))
        await reader.ask('SET articdbm.position = DEFAULT')
        return !(await sees(reader, id))
      })
    })

    test('forged, foreign and garbled ones are refused, and those before hold on', async () => {
      const other = await openSession(product, person, { name: 'other', engine })
      const token = await tell(writer)
      const foreign = await tell(other)
      const changed = `${token.slice(0, -8)}${token.at(-8) === 'A' ? 'B' : 'A'}${token.slice(-7)}`
      await whileLate(async (id) => {
        await take(reader, await tell(writer))
        for (const bad of [
          '',
          'x',
          changed,
          foreign,
          token.repeat(9),
          'v1.'.padEnd(100_000, 'A'),
        ]) {
          await assert.rejects(take(reader, bad), REFUSED)
        }
        assert.ok(await sees(reader, id))
      })
      other.close()
    })

    test('prepared statements tell it, too', async () => {
      await whileLate(async (id) => {
        await writer.ask(`INSERT INTO notes VALUES (${-id})`)
        const tokens =
          engine === 'postgres' ? await preparedOnPostgres() : await preparedOnMariadb()
        assert.equal(tokens.length, 2)
        for (const token of tokens) await take(reader, token)
        assert.ok(await sees(reader, -id))
      })
    })

    /** Prepares, takes, tells twice, and is refused where a server would refuse. */
    async function preparedOnPostgres(): Promise<readonly string[]> {
      const { name: user, password } = person
      const port = product.ports.postgres
      const client = new pg.Client({ host: '127.0.0.1', port, database: name, user, password })
      await client.connect()
      try {
        const token = await tell(writer)
        const text = `SET articdbm.position = '${token}'`
        assert.equal((await client.query({ name: 'take', text })).command, 'SET')
        await client.query({ name: 'take', text })
        const bad = { name: 'bad', text: "SET articdbm.position = 'x'" }
        await assert.rejects(client.query(bad), { code: '22023' })
        const form = { name: 'form', text: "SET LOCAL articdbm.position = 'x'" }
        await assert.rejects(client.query(form), { code: '0A000' })
        const told = { name: 'tell', text: 'SHOW articdbm.position' }
        const first = await client.query(told)
        await client.query('BEGIN')
        const second = await client.query(told)
        await assert.rejects(client.query('SELECT 1/0'))
        await assert.rejects(client.query(told), { code: '25P02' })
        await client.query('ROLLBACK')
        assert.equal(first.fields[0]?.name, 'articdbm.position')
        return [first, second].map(({ rows }) => String(rows[0]?.['articdbm.position']))
      } finally {
        await client.end()
      }
    }

    async function preparedOnMariadb(): Promise<readonly string[]> {
      const { name: user, password } = person
      const port = product.ports.mysql
      const client = await mysql.createConnection({
        ...{ host: '127.0.0.1', port, database: name, user, password, rowsAsArray: true },
      })
      try {
        await client.query(`SET articdbm.position = '${await tell(writer)}'`)
        await assert.rejects(client.execute("SET articdbm.position = 'x'"), { errno: 1295 })
        await assert.rejects(client.query("SET articdbm.position = 'x'"), { errno: 1231 })
        const told = async () => {
          const [rows, fields] = await client.execute('SELECT @@articdbm.position AS told')
          assert.equal(fields[0]?.name, 'told')
          return String((rows as unknown[][])[0]?.[0])
        }
        return [await told(), await told()]
      } finally {
        client.destroy()
      }
    }

    test('other forms are refused: no server is asked', async () => {
      for (const sql of [
        engine === 'postgres'
          ? "SELECT set_config('articdbm.position', 'x', false)"
          : "SET @a = 1, articdbm.position = 'x'",
        engine === 'postgres'
          ? "SET LOCAL articdbm.position = 'x'"
          : "SET GLOBAL articdbm.position = 'x'",
      ]) {
        await assert.rejects(reader.ask(sql), /articdbm\.position is set by SET/)
      }
    })
  })
}
