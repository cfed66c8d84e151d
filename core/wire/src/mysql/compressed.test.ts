import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type CompressedFrame, CompressedFrames } from './compressed.ts'
import { PACKETS_OUT_OF_ORDER, PacketViolation } from './violation.ts'

const frames = fc.array(
  fc
    .tuple(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 0xff_ffff }))
    .map(([bytes, inflatedBytes]) => ({ body: Buffer.from(bytes), inflatedBytes })),
  { maxLength: 300 },
)
const cuts = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 200 })

function encodeAll(sent: readonly CompressedFrame[]): Buffer {
  const writer = new CompressedFrames()
  return Buffer.concat(sent.map((frame) => writer.encode(frame)))
}

function readAll(reader: CompressedFrames): CompressedFrame[] {
  const found: CompressedFrame[] = []
  for (let frame = reader.next(); frame; frame = reader.next()) found.push(frame)
  return found
}

test('any split of the same bytes gives the same frames', () => {
  fc.assert(
    fc.property(frames, cuts, (sent, sizes) => {
      const bytes = encodeAll(sent)
      const reader = new CompressedFrames()
      const found: CompressedFrame[] = []
      let at = 0
      for (const size of [...sizes, bytes.length]) {
        reader.push(bytes.subarray(at, at + size))
        found.push(...readAll(reader))
        at += size
      }
      assert.deepEqual(found, sent)
      assert.equal(reader.pendingBytes, 0)
    }),
  )
})

test('what is written counts on from what was read, and a new command begins with 0', () => {
  const frame = { body: Buffer.from('x'), inflatedBytes: 0 }
  const connection = new CompressedFrames()
  connection.push(encodeAll([frame, frame]))
  assert.equal(readAll(connection).length, 2)
  assert.equal(connection.encode(frame).readUInt8(3), 2)
  connection.restart()
  connection.push(encodeAll([frame]))
  assert.equal(readAll(connection).length, 1)
  assert.equal(connection.encode(frame).readUInt8(3), 1)
})

test('a frame out of order is refused at its header', () => {
  const reader = new CompressedFrames()
  reader.push(Buffer.of(9, 0, 0, 4, 0, 0, 0))
  assert.throws(() => reader.next(), { mysqlErrno: PACKETS_OUT_OF_ORDER })
})

test('garbage gives frames or a violation, never another error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const reader = new CompressedFrames()
      reader.push(Buffer.from(bytes))
      try {
        readAll(reader)
      } catch (fault) {
        assert.ok(fault instanceof PacketViolation)
      }
    }),
  )
})
