import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Err, encodeEof, encodeErr, encodeOk, encodePreparedOk } from './answer.ts'
import { type AnswerKind, AnswerScanner, type Result } from './answer-scanner.ts'
import { encodeColumn, encodeColumnCount, encodeTextRow } from './column.ts'
import { FIELD_TYPE, STATUS } from './constants.ts'
import { encodePackets, MAX_CHUNK_BYTES, PacketReader } from './packet.ts'
import { PacketViolation } from './violation.ts'

const AUTO = STATUS.autocommit
const column = encodeColumn({
  ...{ schema: 'shop', table: 't', originalTable: 't', name: 'a', originalName: 'a' },
  ...{ collation: 45, length: 20, type: FIELD_TYPE.varString, flags: 0, decimals: 0 },
})
const rowOf = (text: string) => encodeTextRow([Buffer.from(text)])
const end = (status: number) => encodeEof({ warnings: 2, status })
const resultSet = (rows: readonly Buffer[], status: number) => [
  encodeColumnCount(1),
  column,
  end(status),
  ...rows,
  end(status),
]

function follow(kind: AnswerKind, chunks: readonly Buffer[]) {
  const results: Result[] = []
  const errors: Err[] = []
  const files: string[] = []
  const scanner = new AnswerScanner(kind, {
    onResult: (result) => results.push(result),
    onError: (err) => errors.push(err),
    onFileRequest: (name) => files.push(`${name}`),
  })
  for (const chunk of chunks) scanner.scan(chunk)
  return { results, errors, files, scanner }
}

const NOBODY = { onResult: () => {}, onError: () => {}, onFileRequest: () => {} }
const bytewise = (bytes: Buffer) => Array.from(bytes, (byte) => Buffer.of(byte))

test('rows are counted in every split, and the end is found', () => {
  const bytes = encodePackets(resultSet([rowOf('x'), rowOf('yy')], AUTO), 1)
  for (const chunks of [[Buffer.from(bytes)], bytewise(bytes)]) {
    const { results, scanner } = follow('results', chunks)
    assert.equal(results[0]?.rows, 2)
    assert.equal(results[0]?.warnings, 2)
    assert.ok(scanner.isEnded)
  }
})

test('several results follow one another until no more are announced', () => {
  const more = AUTO | STATUS.moreResults
  const ok = encodeOk({ status: AUTO, affectedRows: 7n, lastInsertId: 9n })
  const bytes = encodePackets([...resultSet([rowOf('x')], more), ok], 1)
  const { results, scanner } = follow('results', [bytes])
  assert.deepEqual(
    results.map(({ rows, affectedRows, lastInsertId }) => [rows, affectedRows, lastInsertId]),
    [
      [1, 0n, 0n],
      [0, 7n, 9n],
    ],
  )
  assert.ok(scanner.isEnded)
})

test('a row that begins as an EOF does is a row when it is long', () => {
  const row = Buffer.concat([Buffer.of(0xfe, 2, 0, 0, 0, 0, 0, 0, 0), Buffer.from('ab')])
  const { results } = follow('results', [encodePackets(resultSet([row], AUTO), 1)])
  assert.equal(results[0]?.rows, 1)
})

test('a row of more than 16 MB is one row and is never collected', () => {
  const row = rowOf('z'.repeat(MAX_CHUNK_BYTES + 5))
  const { results } = follow('results', [encodePackets(resultSet([row, rowOf('x')], AUTO), 1)])
  assert.equal(results[0]?.rows, 2)
})

test('an error between rows ends the answer', () => {
  const err = { errno: 1317, sqlState: '70100', message: 'Query execution was interrupted' }
  const [count, definition, eof, ...rows] = resultSet([rowOf('x')], AUTO)
  const packets = [count, definition, eof, rows[0], encodeErr(err)].filter(
    (part) => part !== undefined,
  )
  const { errors, scanner } = follow('results', [encodePackets(packets, 1)])
  assert.deepEqual(errors, [err])
  assert.ok(scanner.isEnded)
})

test('the answer to EXECUTE with a cursor ends after the definitions', () => {
  const bytes = encodePackets([encodeColumnCount(1), column, end(AUTO | STATUS.cursorExists)], 1)
  assert.ok(follow('results', [bytes]).scanner.isEnded)
})

test('the answer to PREPARE ends after parameters and columns', () => {
  const counts = [
    [0, 0],
    [2, 0],
    [0, 1],
    [2, 3],
  ] as const
  for (const [parameters, columns] of counts) {
    const definitions = (count: number) =>
      count === 0 ? [] : [...Array.from({ length: count }, () => column), end(AUTO)]
    const first = encodePreparedOk({ statementId: 5, columns, parameters, warnings: 0 })
    const packets = [first, ...definitions(parameters), ...definitions(columns)]
    const { scanner } = follow('prepared', bytewise(encodePackets(packets, 1)))
    assert.ok(scanner.isEnded, `${parameters} ${columns}`)
  }
})

test('a request for a file of the client is told, and the answer goes on behind the file', () => {
  const request = encodePackets([Buffer.from('\xfbrows.csv', 'latin1')], 1)
  const { files, results, scanner } = follow('results', bytewise(request))
  assert.deepEqual(files, ['rows.csv'])
  assert.equal(scanner.isEnded, false)
  scanner.nextSequence = 300
  const ok = encodePackets([encodeOk({ status: AUTO, affectedRows: 7n })], 9)
  scanner.scan(ok)
  assert.equal(ok[3], 300 & 0xff)
  assert.equal(results[0]?.affectedRows, 7n)
  assert.ok(scanner.isEnded)
})

test('packets are renumbered to follow the client’s', () => {
  const bytes = encodePackets(resultSet([rowOf('x')], AUTO), 1)
  const scanner = new AnswerScanner('results', NOBODY, 254)
  scanner.scan(bytes)
  const numbers = []
  for (let at = 0; at < bytes.length; at += 4 + bytes.readUIntLE(at, 3)) numbers.push(bytes[at + 3])
  assert.deepEqual(numbers, [254, 255, 0, 1, 2])
  assert.equal(scanner.nextSequence, 3)
})

test('garbage gives results or a violation, never another error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (garbage) => {
      try {
        follow('results', [Buffer.from(garbage)])
      } catch (fault) {
        assert.ok(fault instanceof PacketViolation, `${fault}`)
      }
    }),
    { numRuns: 2000 },
  )
})

test('scanner and reader see the same packets, whatever the split', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 60 }), (sizes) => {
      const bytes = encodePackets(resultSet([rowOf('x'), rowOf('y'.repeat(40))], AUTO), 0)
      const reader = new PacketReader(1000)
      reader.push(Buffer.from(bytes))
      let packets = 0
      while (reader.next()) packets += 1
      const chunks: Buffer[] = []
      let at = 0
      for (const size of [...sizes, bytes.length]) {
        chunks.push(bytes.subarray(at, at + size))
        at += size
      }
      const { scanner } = follow('results', chunks)
      assert.equal(scanner.nextSequence, packets + 1)
    }),
  )
})
