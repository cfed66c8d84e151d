// LISTEN and NOTIFY through the listener that a database's sessions share.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { decodeBackend } from '@articdbm/wire/postgres'
import pg from 'pg'
import { BACKEND_URL, openDoor, type TestDoor } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'

const options = { timeout: 60_000, skip: BACKEND_URL ? false : 'needs TEST_POSTGRES_URL' }
let door: TestDoor
let direct: pg.Client

before(async () => {
  if (options.skip) return
  door = await openDoor({ pool: { maxConnections: 2 } })
  direct = new pg.Client(BACKEND_URL)
  await direct.connect()
})
after(async () => {
  await direct?.end()
  await door?.close()
})

async function told(client: RawClient): Promise<string> {
  for (;;) {
    const message = decodeBackend((await client.frame()).bytes)
    if (message?.kind === 'notificationResponse') return `${message.channel} ${message.payload}`
    if (message?.kind === 'noticeResponse') return `${message.fields.get('S')}`
  }
}

test('many sessions listen, and none of them keeps a connection', options, async () => {
  const clients = await Promise.all(Array.from({ length: 5 }, () => RawClient.open(door.url())))
  for (const client of clients)
    assert.deepEqual(await client.query('listen news'), ['LISTEN', 'idle'])
  await direct.query("notify news, 'hello'")
  assert.deepEqual(await Promise.all(clients.map(told)), Array(5).fill('news hello'))
  for (const client of clients) client.close()
})

test(
  'a notification is told to who listens to its channel, by the name as it was spelt',
  options,
  async () => {
    const [plain, spelt] = [await RawClient.open(door.url()), await RawClient.open(door.url())]
    await plain.query('LISTEN Mixed;')
    await spelt.query('listen "Mixed ""x"')
    await direct.query(`notify "Mixed ""x", '1'`)
    await direct.query("notify mixed, '2'")
    assert.deepEqual([await told(plain), await told(spelt)], ['mixed 2', 'Mixed "x 1'])
    plain.close()
    spelt.close()
  },
)

test('UNLISTEN ends it, for one session and one channel', options, async () => {
  const [leaving, staying] = [await RawClient.open(door.url()), await RawClient.open(door.url())]
  for (const client of [leaving, staying]) await client.query('listen first')
  await leaving.query('listen second')
  assert.deepEqual(await leaving.query('unlisten first'), ['UNLISTEN', 'idle'])
  await direct.query("notify first, '1'")
  await direct.query("notify second, '2'")
  assert.deepEqual([await told(staying), await told(leaving)], ['first 1', 'second 2'])
  await leaving.query('unlisten *')
  leaving.close()
  staying.close()
})

test('inside a transaction nothing is told; afterwards all of it, in order', options, async () => {
  const client = await RawClient.open(door.url())
  const witness = await RawClient.open(door.url())
  for (const one of [client, witness]) await one.query('listen later')
  await client.query('begin')
  for (const at of [1, 2]) await direct.query(`notify later, '${at}'`)
  for (const at of [1, 2]) assert.equal(await told(witness), `later ${at}`)
  assert.deepEqual((await client.query('select 1')).slice(1, 2), ['row 1'])
  assert.deepEqual(await client.query('commit'), ['COMMIT', 'idle'])
  for (const at of [1, 2]) assert.equal(await told(client), `later ${at}`)
  client.close()
  witness.close()
})

test('NOTIFY through the door reaches a session, and its own sender', options, async () => {
  const client = await RawClient.open(door.url())
  assert.deepEqual(await client.query('listen own'), ['LISTEN', 'idle'])
  client.send({ kind: 'query', text: "notify own, 'me'" })
  assert.equal(await told(client), 'own me')
  client.close()
})

test(
  'LISTEN inside a transaction takes effect when it commits, and then is told once',
  options,
  async () => {
    const client = await RawClient.open(door.url())
    await client.query('listen twice')
    await client.query('begin; listen twice; commit')
    await client.query('listen end_mark')
    await direct.query("notify twice, 'a'")
    await direct.query("notify end_mark, 'b'")
    const both = [await told(client), await told(client)]
    assert.deepEqual(both.sort(), ['end_mark b', 'twice a'])
    client.close()
  },
)

test(
  'a listener that dies is replaced, and who listened is warned of the gap',
  options,
  async () => {
    const own = await openDoor()
    const client = await RawClient.open(own.url())
    await client.query('listen survivors')
    await direct.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
      where query = 'LISTEN "survivors"' and pid <> pg_backend_pid()`,
    )
    assert.equal(await told(client), 'WARNING')
    await direct.query("notify survivors, 'still here'")
    assert.equal(await told(client), 'survivors still here')
    client.close()
    await own.close()
  },
)
