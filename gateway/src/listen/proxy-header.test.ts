import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readProxyHeader } from './proxy-header.ts'
import { trustedProxies } from './real-address.ts'

const START = '\r\n\r\n\0\r\nQUIT\n'

function v2(command: number, family: number, body: Buffer): Buffer {
  const fixed = Buffer.alloc(16)
  fixed.write(START, 'latin1')
  fixed.set([command, family], 12)
  fixed.writeUInt16BE(body.length, 14)
  return Buffer.concat([fixed, body])
}

const IPV4 = Buffer.from([192, 0, 2, 7, 10, 0, 0, 1, 1, 2, 3, 4])
const IPV6 = Buffer.concat([Buffer.from('20010db8', 'hex'), Buffer.alloc(31, 0), Buffer.from([9])])
const TLV = Buffer.from([0x04, 0, 3, 1, 2, 3])

const HEADERS: readonly (readonly [string, Buffer, string | undefined])[] = [
  ['v1 of IPv4', Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 56324 443\r\n'), '192.0.2.7'],
  ['v1 of IPv6', Buffer.from('PROXY TCP6 2001:db8::7 ::1 5 6\r\n'), '2001:db8::7'],
  ['v1 of nobody known', Buffer.from('PROXY UNKNOWN what ever\r\n'), undefined],
  ['v2 of IPv4', v2(0x21, 0x11, IPV4), '192.0.2.7'],
  ['v2 with TLVs', v2(0x21, 0x11, Buffer.concat([IPV4, TLV])), '192.0.2.7'],
  ['v2 of IPv6', v2(0x21, 0x21, IPV6), '2001:db8::'],
  ['v2 of a UNIX socket', v2(0x21, 0x31, Buffer.alloc(216)), undefined],
  ['v2 of a family unknown', v2(0x21, 0x00, TLV), undefined],
  ['v2 LOCAL, whatever it says', v2(0x20, 0x11, IPV4), undefined],
]

for (const [name, header, source] of HEADERS) {
  test(`${name} is read, however it is split, and no byte behind it`, () => {
    for (let length = 0; length < header.length; length += 1) {
      assert.equal(readProxyHeader(header.subarray(0, length)), undefined)
    }
    const followed = Buffer.concat([header, Buffer.from('behind')])
    assert.deepEqual(readProxyHeader(followed), { bytes: header.length, source })
  })
}

const WRONG: readonly (readonly [string, Buffer])[] = [
  ['no header', Buffer.from([0, 0, 0, 8, 4, 210, 22, 47])],
  ['v1 without an end', Buffer.from(`PROXY ${'x'.repeat(200)}`)],
  ['v1 of another family', Buffer.from('PROXY UDP4 192.0.2.7 10.0.0.1 1 2\r\n')],
  ['v1 with a name', Buffer.from('PROXY TCP4 localhost 10.0.0.1 1 2\r\n')],
  ['v1 with a port too high', Buffer.from('PROXY TCP4 192.0.2.7 10.0.0.1 1 70000\r\n')],
  ['v1 with addresses that do not fit', Buffer.from('PROXY TCP4 ::1 ::1 1 2\r\n')],
  ['v2 of another version', v2(0x11, 0x11, IPV4)],
  ['v2 of an unknown command', v2(0x22, 0x11, IPV4)],
  ['v2 of datagrams', v2(0x21, 0x12, IPV4)],
  ['v2 that is too short for its family', v2(0x21, 0x21, IPV4)],
  ['v2 that is too long', v2(0x21, 0x11, Buffer.alloc(5_000))],
]

for (const [name, bytes] of WRONG) {
  test(`${name} is refused`, () => {
    assert.throws(() => readProxyHeader(bytes), /PROXY header/)
  })
}

test('trusted are the addresses and ranges that are named, and nobody by default', () => {
  const some = trustedProxies('10.0.0.0/8, 192.0.2.7,2001:db8::/32')
  for (const address of ['10.1.2.3', '192.0.2.7', '2001:db8::1']) assert.ok(some.has(address))
  for (const address of ['11.0.0.1', '192.0.2.8', '2001:db9::1', '']) assert.ok(!some.has(address))
  assert.equal(trustedProxies('').has('127.0.0.1'), false)
})

for (const range of ['10.0.0.0/33', '10.0.0.0/', 'localhost', '10.0.0.0/8/8', '::/129']) {
  test(`a range that can't be read stops the start: ${range}`, () => {
    assert.throws(() => trustedProxies(range), /PROXY_PROTOCOL_FROM/)
  })
}
