import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeCommand } from './command.ts'
import { COMMAND, FIELD_TYPE } from './constants.ts'
import { boundOf, encodeLoneExecute, loneCommand, setStatementId } from './lone-command.ts'
import { encodePacket } from './packet.ts'
import { decodeExecuteBody, encodeExecuteBody } from './parameters.ts'

const PLAIN = { encoding: 'utf8', saysAttributes: false } as const
const ATTRIBUTES = { encoding: 'utf8', saysAttributes: true } as const
const query = (text: string) =>
  encodePacket(encodeCommand({ kind: 'query', text: Buffer.from(text) }), 0)
const attributed = (head: readonly number[], text: string) =>
  encodePacket(Buffer.concat([Buffer.of(COMMAND.query, ...head), Buffer.from(text)]), 0)
const execute = (flags: number, body: Buffer) =>
  encodePacket(encodeCommand({ kind: 'execute', statementId: 5, flags, body }), 0)

test('one whole query is seen as it is', () => {
  const bytes = query('SELECT ü')
  assert.deepEqual(loneCommand(bytes, PLAIN), { kind: 'query', text: 'SELECT ü', bytes })
})

test('a query without attributes loses their count on its way to the backend', () => {
  const lone = loneCommand(attributed([0, 1], 'SELECT 1'), ATTRIBUTES)
  assert.deepEqual(lone, { kind: 'query', text: 'SELECT 1', bytes: query('SELECT 1') })
})

const others: Readonly<Record<string, readonly [Buffer, object?]>> = {
  nothing: [Buffer.alloc(0)],
  'a header': [query('SELECT 1').subarray(0, 4)],
  'a part': [query('SELECT 1').subarray(0, 9)],
  'two commands': [Buffer.concat([query('SELECT 1'), query('SELECT 2')])],
  'a command that is numbered on': [encodePacket(Buffer.from('\x03SELECT 1'), 1)],
  'another command': [encodePacket(encodeCommand({ kind: 'ping' }), 0)],
  'text that is no UTF-8': [encodePacket(Buffer.from('\x03SELECT \xff', 'latin1'), 0)],
  'more than ASCII of who speaks something else': [query('SELECT ü'), { encoding: 'ascii only' }],
  'bytes beyond ASCII that are as many characters': [
    encodePacket(Buffer.from('\x03SELECT \xe9', 'latin1'), 0),
    { encoding: 'ascii only' },
  ],
  'a query with an attribute': [attributed([1, 1], 'SELECT 1'), ATTRIBUTES],
  'a query whose attributes are cut off': [attributed([0], ''), ATTRIBUTES],
  'an execution with a cursor': [execute(1, Buffer.alloc(0))],
  'an execution that is cut off': [encodePacket(Buffer.of(COMMAND.stmtExecute, 5, 0, 0, 0), 0)],
}

for (const [what, [bytes, spoken]] of Object.entries(others)) {
  test(`${what} is left to the long way`, () => {
    assert.equal(loneCommand(bytes, { ...PLAIN, ...spoken }), undefined)
  })
}

const INTEGER = Buffer.of(FIELD_TYPE.longLong, 0)
const STRING = Buffer.of(FIELD_TYPE.varString, 0)
const asBound = (types: Buffer | undefined, nulls: number, values: Buffer) =>
  boundOf(
    { flags: 0, body: encodeExecuteBody({ nulls: Buffer.of(nulls), types, values }) },
    { parameters: 2, types: undefined, saysAttributes: false },
  )
const BOTH = Buffer.concat([INTEGER, STRING])

test('values are taken where they are whole, and nothing stands behind them', () => {
  const eight = Buffer.alloc(8, 1)
  const text = Buffer.from('\x03abc')
  assert.ok(asBound(BOTH, 0, Buffer.concat([eight, text])))
  assert.ok(asBound(BOTH, 2, eight))
  assert.ok(asBound(BOTH, 3, Buffer.alloc(0)))
  const long = Buffer.concat([Buffer.of(0xfc, 0x2c, 1), Buffer.alloc(300)])
  assert.ok(asBound(BOTH, 0, Buffer.concat([eight, long])))
  const broken = [
    eight,
    Buffer.concat([eight, text, text]),
    text,
    Buffer.concat([eight, long.subarray(0, -1)]),
  ]
  for (const values of broken) assert.equal(asBound(BOTH, 0, values), undefined)
})

test('types of the execution before hold, and without any it is left', () => {
  const body = Buffer.concat([Buffer.of(0, 0), Buffer.alloc(8, 1)])
  const known = { parameters: 1, types: INTEGER, saysAttributes: false }
  assert.deepEqual(boundOf({ flags: 0, body }, known)?.types, INTEGER)
  assert.equal(boundOf({ flags: 0, body }, { ...known, types: undefined }), undefined)
})

test('attributes behind the parameters stay behind', () => {
  const head = Buffer.of(2, 0, 1, FIELD_TYPE.longLong, 0, 0, FIELD_TYPE.varString, 0, 4)
  const values = Buffer.alloc(8, 1)
  const body = Buffer.concat([head, Buffer.from('name'), values, Buffer.from('\x05value')])
  const bound = boundOf(
    { flags: 8, body },
    { parameters: 1, types: undefined, saysAttributes: true },
  )
  assert.deepEqual(bound, { nulls: Buffer.of(0), types: INTEGER, values })
})

test('an execution for a lane says its types, and the id that it is given', () => {
  const body = { nulls: Buffer.of(0), types: INTEGER, values: Buffer.alloc(8, 7) }
  const bytes = encodeLoneExecute(body)
  setStatementId(bytes, 0x1234)
  const lone = loneCommand(bytes, PLAIN)
  assert.ok(lone?.kind === 'execute')
  assert.equal(lone.statementId, 0x1234)
  assert.deepEqual(decodeExecuteBody(lone.body, 1), body)
})

test('garbage is taken or left, and nothing is thrown', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 80 }),
      fc.nat(9),
      fc.boolean(),
      (body, parameters, says) => {
        const bytes = Buffer.from(body)
        loneCommand(encodePacket(bytes, 0), { encoding: 'utf8', saysAttributes: says })
        boundOf(
          { flags: says ? 8 : 0, body: bytes },
          { parameters, types: undefined, saysAttributes: says },
        )
      },
    ),
    { numRuns: 2000 },
  )
})
