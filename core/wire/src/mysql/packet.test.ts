import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodePacket, encodePackets, MAX_CHUNK_BYTES, PacketReader } from './packet.ts'
import { PACKET_TOO_LARGE, PACKETS_OUT_OF_ORDER, PacketViolation } from './violation.ts'

const payloads = fc.array(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  {
    maxLength: 8,
  },
)
const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 200 })

/** The same bytes in pieces of the given sizes, the rest at once. */
function pieces(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const parts: Buffer[] = []
  let at = 0
  for (const size of sizes) {
    parts.push(bytes.subarray(at, at + size))
    at += size
  }
  return [...parts, bytes.subarray(at)]
}

function readAll(reader: PacketReader): Buffer[] {
  const found: Buffer[] = []
  for (let packet = reader.next(); packet; packet = reader.next()) found.push(packet.payload)
  return found
}

test('any split of the same bytes gives the same packets', () => {
  fc.assert(
    fc.property(payloads, cuts, (sent, sizes) => {
      const reader = new PacketReader(10_000)
      const found = pieces(encodePackets(sent, 0), sizes).flatMap((piece) => {
        reader.push(piece)
        return readAll(reader)
      })
      assert.deepEqual(found, sent)
      assert.equal(reader.isPartial, false)
    }),
  )
})

test('a payload of 16 MB and more travels in several packets and is joined', () => {
  for (const extra of [-1, 0, 1]) {
    const payload = Buffer.alloc(MAX_CHUNK_BYTES + extra, 7)
    const reader = new PacketReader(20_000_000)
    reader.push(encodePacket(payload, 0))
    const packet = reader.next()
    assert.equal(packet?.payload.length, payload.length)
    assert.equal(packet?.sequence, extra < 0 ? 0 : 1)
  }
})

test('a length beyond the bound is refused at its header', () => {
  const reader = new PacketReader(1000)
  reader.push(Buffer.of(0xe9, 0x03, 0, 0)) // 1001
  assert.throws(() => reader.next(), { mysqlErrno: PACKET_TOO_LARGE })
})

test('chunks that together exceed the bound are refused', () => {
  const reader = new PacketReader(MAX_CHUNK_BYTES + 10)
  reader.push(encodePacket(Buffer.alloc(MAX_CHUNK_BYTES + 11), 0))
  assert.throws(() => reader.next(), { mysqlErrno: PACKET_TOO_LARGE })
})

test('a packet out of order is refused', () => {
  const reader = new PacketReader(1000)
  reader.push(encodePacket(Buffer.from('x'), 3))
  assert.throws(() => reader.next(), { mysqlErrno: PACKETS_OUT_OF_ORDER })
})

test('garbage gives packets or a violation, never another error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
      const reader = new PacketReader(200)
      reader.push(Buffer.from(bytes))
      try {
        readAll(reader)
      } catch (fault) {
        assert.ok(fault instanceof PacketViolation)
      }
    }),
  )
})
