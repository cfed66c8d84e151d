// PROXY protocol in front of the MySQL door, which speaks first: whose address it is, and who must say it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { test } from 'node:test'
import mysql, { type RowDataPacket } from 'mysql2/promise'
import { trustedProxies } from '../../gateway/src/listen/real-address.ts'
import { execute, missing } from '../clients/program.ts'
import { openDoor, PASSWORD, type TestDoor } from './mysql/door.ts'
import { createLite } from './mysql/lite.ts'
import { RawClient } from './mysql/raw.ts'

const options = { timeout: 60_000 }
const FROM_HERE = { from: trustedProxies('127.0.0.0/8'), timeoutMs: 20_000 }
const V1 = Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 56324 3306\r\n')
const SIGNATURE = Buffer.from('\r\n\r\n\0\r\nQUIT\n', 'latin1')
const V2 = Buffer.concat([
  ...[SIGNATURE, Buffer.of(0x21, 0x11, 0, 12)],
  ...[Buffer.of(192, 0, 2, 7, 10, 0, 0, 1, 0xdc, 4, 0x0c, 0xea)],
])
const V2_LOCAL = Buffer.concat([SIGNATURE, Buffer.of(0x20, 0, 0, 0)])

type Ending = { after(end: () => Promise<void>): void }

async function doorWith(t: Ending, proxies: Parameters<typeof openDoor>[0]['proxies']) {
  const door = await openDoor({ sqliteFile: createLite(), ...(proxies && { proxies }) })
  t.after(() => door.close())
  return door
}

/** A load balancer: what it says first, then whatever the client says. */
async function balancerBefore(t: Ending, door: TestDoor, header: Buffer): Promise<number> {
  const server: Server = createServer((client) => {
    const behind = connect(door.port, '127.0.0.1')
    behind.write(header)
    client.pipe(behind).pipe(client)
    for (const socket of [client, behind]) socket.on('error', () => client.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => void server.close())
  return (server.address() as AddressInfo).port
}

function addresses(events: readonly object[]): unknown[] {
  return [...new Set(events.flatMap((event) => ('address' in event ? [event.address] : [])))]
}

for (const [name, header, address] of [
  ['the address in a header of version 1', V1, '192.0.2.7'],
  ['the address in a header of version 2', V2, '192.0.2.7'],
  ['the address of the load balancer itself', V2_LOCAL, '127.0.0.1'],
] as const) {
  test(`the audit shows ${name}`, options, async (t) => {
    const door = await doorWith(t, FROM_HERE)
    const port = await balancerBefore(t, door, header)
    const access = { host: '127.0.0.1', port, user: 'ann', password: PASSWORD, database: 'lite' }
    for (const ssl of [undefined, { rejectUnauthorized: false }]) {
      const client = await mysql.createConnection({ ...access, ...(ssl && { ssl }) })
      const [rows] = await client.query<RowDataPacket[]>('SELECT count(*) AS n FROM open_table')
      assert.equal(rows[0]?.n, 3)
      await client.end()
    }
    assert.deepEqual(addresses(door.events), [address])
  })
}

test('the mysql client passes through a load balancer', {
  ...options,
  skip: missing('mysql'),
}, async (t) => {
  const door = await doorWith(t, FROM_HERE)
  const port = await balancerBefore(t, door, V2)
  const access = ['--no-defaults', '-h127.0.0.1', `-P${port}`, '-uann', '--skip-ssl', 'lite']
  const asked = ['-N', '-e', 'SELECT count(*) FROM open_table']
  const environment = { MYSQL_PWD: PASSWORD }
  const { code, out, err } = await execute('mysql', [...access, ...asked], { environment })
  assert.deepEqual({ code, out, err }, { code: 0, out: '3\n', err: '' })
  assert.deepEqual(addresses(door.events), ['192.0.2.7'])
})

test(
  'a trusted address that sends no header hears nothing, and is closed after its time',
  options,
  async (t) => {
    const door = await doorWith(t, { ...FROM_HERE, timeoutMs: 200 })
    const client = new RawClient(door.port)
    assert.equal(await client.next(0), undefined)
    assert.deepEqual(door.events, [])
  },
)

test('from anybody else a header is no packet', options, async (t) => {
  const door = await doorWith(t, { ...FROM_HERE, from: trustedProxies('10.0.0.0/8') })
  const client = new RawClient(door.port)
  await client.greeting()
  await client.write(V1)
  await client.closed
  assert.deepEqual(addresses(door.events), [])
  const other = new RawClient(door.port)
  assert.equal(await other.logIn(), 'OK')
  other.socket.destroy()
})
