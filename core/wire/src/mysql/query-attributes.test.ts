import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeCommand } from './command.ts'
import { CAPABILITY, COMMAND, FIELD_TYPE } from './constants.ts'
import { NO_PARAMETERS } from './parameters.ts'
import { lenenc, lenencText } from './payload-writer.ts'
import { executeBodyWithout } from './query-attributes.ts'
import { PacketViolation } from './violation.ts'

type Value = string | number | null

const values = fc.array(
  fc.oneof(fc.string({ maxLength: 300 }), fc.integer({ min: 0, max: 2 ** 31 }), fc.constant(null)),
  { maxLength: 20 },
)

function bitmap(all: readonly Value[]): Buffer {
  const bits = Buffer.alloc((all.length + 7) >> 3)
  all.forEach((value, at) => {
    if (value === null) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7))
  })
  return bits
}

function typeOf(value: Value): Buffer {
  return Buffer.of(typeof value === 'number' ? FIELD_TYPE.longLong : FIELD_TYPE.varString, 0)
}

function bytesOf(value: Value): Buffer {
  if (value === null) return Buffer.alloc(0)
  if (typeof value === 'string') return lenencText(value)
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(BigInt(value))
  return bytes
}

function named(all: readonly Value[]): Buffer {
  if (all.length === 0) return Buffer.alloc(0)
  const types = all.flatMap((value, at) => [typeOf(value), lenencText(`name${at}`)])
  return Buffer.concat([bitmap(all), Buffer.of(1), ...types, ...all.map(bytesOf)])
}

test('the text behind any attributes is the text', () => {
  fc.assert(
    fc.property(values, fc.string(), (attributes, text) => {
      const payload = Buffer.concat([
        Buffer.of(COMMAND.query),
        ...[lenenc(attributes.length), lenenc(1), named(attributes), Buffer.from(text)],
      ])
      const command = decodeCommand(payload, CAPABILITY.queryAttributes)
      assert.deepEqual(command, { kind: 'query', text: Buffer.from(text) })
    }),
  )
})

test('parameters are the same with any attributes behind them', () => {
  fc.assert(
    fc.property(values, values, (own, attributes) => {
      const all = [...own, ...attributes]
      const body = Buffer.concat([lenenc(all.length), named(all)])
      const wish = { flags: 8, parameters: own.length, types: undefined, longData: new Map() }
      const found = executeBodyWithout(body, wish)
      if (all.length === 0) return assert.deepEqual(found, NO_PARAMETERS)
      assert.deepEqual(found.nulls, bitmap(own))
      assert.deepEqual(found.types, Buffer.concat(own.map(typeOf)))
      assert.deepEqual(found.values, Buffer.concat(own.map(bytesOf)))
    }),
  )
})

test('garbage gives a text, a body or a violation, never another error', () => {
  const wish = { flags: 8, parameters: 3, types: undefined, longData: new Map() }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (garbage) => {
      for (const read of [
        () => decodeCommand(Buffer.of(COMMAND.query, ...garbage), CAPABILITY.queryAttributes),
        () => executeBodyWithout(Buffer.from(garbage), wish),
      ]) {
        try {
          read()
        } catch (fault) {
          assert.ok(fault instanceof PacketViolation, `${fault}`)
        }
      }
    }),
    { numRuns: 2000 },
  )
})
