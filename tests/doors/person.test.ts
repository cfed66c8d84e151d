// A database that wants to know for whom a session works is told so, and nobody can lie to it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { addTestDatabase, skipReason, type TestDatabase } from '../support/databases.ts'
import { type Person, Product } from '../support/product.ts'
import { changeDatabase, openSession, type Session } from '../support/replicated.ts'

const FEW_CONNECTIONS = 2

/** The database itself writes down who it was. */
const DIARY = {
  postgres: [
    "CREATE TABLE diary (id int, who text DEFAULT current_setting('articdbm.person', true))",
    'CREATE TABLE notes (owner text, note text)',
    "INSERT INTO notes VALUES ('ann', 'of ann'), ('bob', 'of bob')",
    "CREATE VIEW mine AS SELECT note FROM notes WHERE owner = current_setting('articdbm.person', true)",
  ],
  mariadb: [
    'CREATE TABLE diary (id int, who varchar(64))',
    'CREATE TRIGGER sign BEFORE INSERT ON diary FOR EACH ROW SET NEW.who = @articdbm_person',
    'CREATE TABLE notes (owner varchar(64), note text)',
    "INSERT INTO notes VALUES ('ann', 'of ann'), ('bob', 'of bob')",
    'CREATE FUNCTION me() RETURNS varchar(64) CHARSET utf8mb4 DETERMINISTIC RETURN @articdbm_person',
    'CREATE VIEW mine AS SELECT note FROM notes WHERE owner = me()',
  ],
} as const

const LIES = {
  postgres: [
    "SET articdbm.person = 'bob'",
    'SET "Articdbm"."Person" = \'bob\'',
    "SET LOCAL articdbm.person = 'bob'",
    'RESET articdbm.person',
    "SELECT set_config('articdbm.person', 'bob', false)",
    "SELECT set_config('ARTICDBM.Person', 'bob', true)",
    "SELECT set_config('articdbm' || '.person', 'bob', false)",
    "UPDATE pg_settings SET setting = 'bob' WHERE name = 'articdbm.person'",
    "PREPARE lie AS SELECT set_config('articdbm.person', 'bob', false)",
  ],
  mariadb: [
    "SET @articdbm_person = 'bob'",
    "SET @ARTICDBM_Person = 'bob'",
    "SET @`articdbm_person` = 'bob'",
    "SET @'articdbm_person' = 'bob'",
    "SET @'articdbm_person ' = 'bob'",
    "SET @'articdbm\\_person' = 'bob'",
    "SET @`ärticdbm_pérson` = 'bob'",
    "SET @a = 1, @articdbm_person = CONCAT('b', 'ob')",
    "SELECT @articdbm_person := 'bob'",
    "SELECT 'bob' INTO @articdbm_person",
    "PREPARE lie FROM 'SELECT 1 INTO @articdbm_person'",
    "EXECUTE IMMEDIATE 'SET @articdbm_person = 1'",
  ],
} as const

for (const engine of ['postgres', 'mariadb'] as const) {
  describe(`${engine}: the database is told for whom`, { skip: skipReason(engine) }, () => {
    const name = `person_${engine}`
    const sessions: Session[] = []
    let product: Product
    let database: TestDatabase
    let ann: Person
    let bob: Person

    before(async () => {
      product = await Product.start()
      database = await addTestDatabase(product, engine, name)
      for (const statement of DIARY[engine]) await database.ask(statement)
      const grant = { database: name, schema: '*', table: '*', actions: ['read', 'write', 'admin'] }
      ann = await product.addPerson('ann', [grant as never])
      bob = await product.addPerson('bob', [grant as never])
      await changeDatabase(product, name, {
        pool: { maxConnections: FEW_CONNECTIONS },
        policy: { tellPerson: true },
      })
    })
    after(async () => {
      for (const session of sessions) session.close()
      await database?.close()
      await product?.stop()
    })

    const open = async (person: Person) => {
      const session = await openSession(product, person, { name, engine })
      sessions.push(session)
      return session
    }

    test('sessions of two people share connections, and each statement is told for whom it is', async () => {
      const pairs = await Promise.all(
        ['ann', 'bob', 'ann', 'bob', 'ann', 'bob'].map(async (who) => ({
          who,
          session: await open(who === 'ann' ? ann : bob),
        })),
      )
      for (let round = 0; round < 10; round += 1) {
        await Promise.all(
          pairs.map(async ({ who, session }, at) => {
            if (round % 3 === 0) await session.ask('BEGIN')
            await session.ask(`INSERT INTO diary (id) VALUES (${at})`)
            assert.deepEqual(await session.ask('SELECT note FROM mine'), [[`of ${who}`]])
            if (round % 3 === 0) await session.ask('COMMIT')
          }),
        )
      }
      const rows = await database.ask('SELECT DISTINCT id, who FROM diary ORDER BY id, who')
      const wanted = pairs.map(({ who }, at) => [at, who])
      assert.deepEqual(
        rows.map(([id, who]) => [Number(id), who]),
        wanted,
      )
    })

    test('nobody can say that they are somebody else, whatever is granted to them', async () => {
      for (const lie of LIES[engine]) {
        const session = await open(ann)
        await assert.rejects(session.ask(lie), /setting\.refused|refused/, lie)
        await session.ask('INSERT INTO diary (id) VALUES (100)')
        session.close()
      }
      const rows = await database.ask('SELECT DISTINCT who FROM diary WHERE id = 100')
      assert.deepEqual(rows, [['ann']])
    })
  })
}
