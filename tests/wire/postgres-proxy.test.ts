// PROXY protocol in front of the PostgreSQL door: whose address it is, and who must say it.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { trustedProxies } from '../../gateway/src/listen/real-address.ts'
import { type DoorOptions, openDoor, rawSocket } from './pg/door.ts'
import { RawClient } from './pg/raw.ts'
import { createShopFile } from './pg/shop-file.ts'

const options = { timeout: 60_000 }
const FROM_HERE = { from: trustedProxies('127.0.0.0/8'), timeoutMs: 20_000 }
const V1 = Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 56324 443\r\n')
const V2_LOCAL = Buffer.from('\r\n\r\n\0\r\nQUIT\n\x20\x00\x00\x00', 'latin1')

async function doorWith(t: { after(end: () => Promise<void>): void }, wish: DoorOptions) {
  const file = createShopFile()
  const door = await openDoor({ sqliteFile: file.path, ...wish })
  t.after(async () => {
    await door.close()
    file.remove()
  })
  return door
}

function addresses(events: readonly object[]): unknown[] {
  return events.flatMap((event) => ('address' in event ? [event.address] : []))
}

for (const [name, header, address] of [
  ['the address in the header', V1, '192.0.2.7'],
  ['the address of the load balancer itself', V2_LOCAL, '127.0.0.1'],
] as const) {
  test(`the audit shows ${name}`, options, async (t) => {
    const door = await doorWith(t, { proxies: FROM_HERE })
    const socket = await rawSocket(door)
    for (const byte of header) {
      socket.write(Buffer.from([byte]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    const client = await RawClient.over(socket, door.url('ada', 'files'))
    assert.deepEqual((await client.query('select count(*) from orders')).slice(1, 2), ['row 3'])
    client.close()
    const seen = addresses(door.events)
    assert.ok(seen.length > 0)
    assert.deepEqual([...new Set(seen)], [address])
  })
}

test('a header and a startup message in one write are both read', options, async (t) => {
  const door = await doorWith(t, { proxies: FROM_HERE })
  const socket = await rawSocket(door)
  socket.cork()
  socket.write(V1)
  const opening = RawClient.over(socket, door.url('ada', 'files'))
  socket.uncork()
  const client = await opening
  client.close()
  assert.deepEqual(addresses(door.events), ['192.0.2.7'])
})

test('a trusted address that sends no header is closed without a word', options, async (t) => {
  const door = await doorWith(t, { proxies: FROM_HERE })
  await assert.rejects(RawClient.open(door.url('ada', 'files')), /has ended/)
  assert.deepEqual(door.events, [])
})

test('a trusted address that sends half a header is closed after its time', options, async (t) => {
  const door = await doorWith(t, { proxies: { ...FROM_HERE, timeoutMs: 200 } })
  const socket = await rawSocket(door)
  socket.write(V1.subarray(0, 10))
  socket.resume()
  await once(socket, 'close')
})

test(
  'from anybody else a header is no startup message: as a server does, the door closes without a word',
  options,
  async (t) => {
    const door = await doorWith(t, {
      proxies: { ...FROM_HERE, from: trustedProxies('10.0.0.0/8') },
    })
    const socket = await rawSocket(door)
    socket.write(V1)
    const answer = await new RawClient(socket).end()
    assert.deepEqual(answer, [])
    const client = await RawClient.open(door.url('ada', 'files'))
    client.close()
  },
)
