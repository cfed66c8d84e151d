import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type BackendMessage,
  BackendScanner,
  decodeBackend,
  decodeFrontend,
  decodeStartup,
  encodeBackend,
  encodeFrontend,
  encodeStartup,
  FrameReader,
  type FrontendMessage,
  MalformedMessage,
  renameBound,
  type StartupMessage,
} from '@articdbm/wire/postgres'
import fc from 'fast-check'

const MAX = 1_000_000
const text = fc
  .string({ unit: 'binary', maxLength: 60 })
  .map((s) => s.replaceAll('\0', '').toWellFormed())
const name = text.filter((s) => s !== '')
const bytes = fc.uint8Array({ maxLength: 80 }).map((array) => Buffer.from(array))
const maybe = fc.option(bytes, { nil: null })
const oid = fc.nat()
const target = fc.constantFrom('statement', 'portal') as fc.Arbitrary<'statement' | 'portal'>
const int16 = fc.integer({ min: -32_768, max: 32_767 })
const record = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(model, { noNullPrototype: true })
const constant = <const K extends string>(kind: K) => fc.constant({ kind })

const frontend: fc.Arbitrary<FrontendMessage> = fc.oneof(
  record({ kind: fc.constant('query' as const), text }),
  record({
    kind: fc.constant('parse' as const),
    statement: text,
    text,
    parameterTypes: fc.array(oid),
  }),
  record({
    kind: fc.constant('bind' as const),
    portal: text,
    statement: text,
    parameterFormats: fc.array(int16),
    parameters: fc.array(maybe),
    resultFormats: fc.array(int16),
  }),
  record({ kind: fc.constant('describe' as const), target, name: text }),
  record({ kind: fc.constant('close' as const), target, name: text }),
  record({ kind: fc.constant('execute' as const), portal: text, maxRows: fc.nat() }),
  record({ kind: fc.constant('copyData' as const), bytes }),
  record({ kind: fc.constant('copyFail' as const), reason: text }),
  record({ kind: fc.constant('credential' as const), bytes }),
  constant('flush'),
  constant('sync'),
  constant('copyDone'),
  constant('terminate'),
)

const fields = fc
  .uniqueArray(fc.tuple(fc.constantFrom('S', 'V', 'C', 'M', 'H', 'P'), text), {
    selector: ([c]) => c,
  })
  .map((pairs) => new Map(pairs))

const backend: fc.Arbitrary<BackendMessage> = fc.oneof(
  record({ kind: fc.constant('authenticationSasl' as const), mechanisms: fc.array(name) }),
  record({ kind: fc.constant('authenticationSaslContinue' as const), bytes }),
  record({ kind: fc.constant('parameterStatus' as const), name: text, value: text }),
  record({ kind: fc.constant('backendKeyData' as const), processId: fc.nat(), secret: bytes }),
  record({
    kind: fc.constant('readyForQuery' as const),
    status: fc.constantFrom('idle' as const, 'active' as const, 'failed' as const),
  }),
  record({ kind: fc.constant('errorResponse' as const), fields }),
  record({ kind: fc.constant('commandComplete' as const), tag: text }),
  record({
    kind: fc.constant('rowDescription' as const),
    fields: fc.array(
      record({
        name: text,
        tableOid: oid,
        columnNumber: int16,
        typeOid: oid,
        typeSize: int16,
        typeModifier: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        format: int16,
      }),
    ),
  }),
  record({ kind: fc.constant('parameterDescription' as const), typeOids: fc.array(oid) }),
  record({ kind: fc.constant('dataRow' as const), values: fc.array(maybe) }),
  record({
    kind: fc.constant('negotiateProtocolVersion' as const),
    minor: fc.nat(),
    unknownOptions: fc.array(text),
  }),
  record({
    kind: fc.constant('notificationResponse' as const),
    processId: fc.nat(),
    channel: text,
    payload: text,
  }),
  constant('authenticationOk'),
  constant('emptyQueryResponse'),
  constant('noData'),
  constant('parseComplete'),
  constant('portalSuspended'),
)

function framesOf(chunks: readonly Buffer[]): Buffer[] {
  const reader = new FrameReader(MAX)
  return chunks.flatMap((chunk) => {
    reader.push(chunk)
    return [...Iterator.from({ next: () => nextOf(reader) })]
  })
}

function nextOf(reader: FrameReader): IteratorResult<Buffer> {
  const frame = reader.next()
  return frame ? { value: frame.bytes } : { value: undefined, done: true }
}

function split(whole: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length].sort(
    (a, b) => a - b,
  )
  return places.slice(1).map((end, at) => Buffer.from(whole.subarray(places[at], end)))
}

test('what is encoded decodes to the same message, both ways', () => {
  fc.assert(
    fc.property(frontend, (message) => {
      const reader = new FrameReader(MAX)
      reader.push(encodeFrontend(message))
      const frame = reader.next()
      assert.ok(frame)
      assert.deepEqual(decodeFrontend(frame), message)
    }),
  )
  fc.assert(
    fc.property(backend, (message) => {
      assert.deepEqual(decodeBackend(encodeBackend(message)), message)
    }),
  )
})

test('a start-up message decodes to what was encoded', () => {
  const startups: StartupMessage[] = [
    { kind: 'sslRequest' },
    { kind: 'gssEncRequest' },
    { kind: 'cancelRequest', processId: 7, secret: Buffer.alloc(32, 1) },
    { kind: 'startup', major: 3, minor: 2, parameters: new Map([['user', 'anna']]) },
  ]
  for (const message of startups) {
    const reader = new FrameReader(MAX)
    reader.push(encodeStartup(message))
    assert.deepEqual(decodeStartup(reader.nextStartup() ?? Buffer.alloc(0)), message)
  }
})

test('any split of the same bytes yields the same frames', () => {
  fc.assert(
    fc.property(
      fc.array(frontend, { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (messages, cuts) => {
        const whole = messages.map(encodeFrontend)
        assert.deepEqual(framesOf(split(Buffer.concat(whole), cuts)), whole)
      },
    ),
  )
})

test('however a backend answer is split, the scanner passes on the same bytes, rows and frames', () => {
  fc.assert(
    fc.property(
      fc.array(backend, { maxLength: 8 }),
      fc.array(fc.nat(), { maxLength: 30 }),
      (messages, cuts) => {
        const whole = Buffer.concat(messages.map(encodeBackend))
        const scanner = new BackendScanner()
        const pieces = split(whole, cuts).flatMap((chunk) => scanner.scan(chunk))
        assert.deepEqual(Buffer.concat(pieces.map((piece) => piece.bytes)), whole)
        const rows = pieces.reduce(
          (sum, piece) => sum + (piece.kind === 'rows' ? piece.count : 0),
          0,
        )
        assert.equal(rows, messages.filter(({ kind }) => kind === 'dataRow').length)
        assert.equal(
          pieces.filter(({ kind }) => kind === 'frame').length,
          messages.filter(({ kind }) => kind !== 'dataRow').length,
        )
        assert.equal(scanner.isInsideFrame, false)
      },
    ),
  )
})

test('garbage is refused as malformed, and never crashes', () => {
  const calmly = (attempt: () => unknown): void => {
    try {
      attempt()
    } catch (error) {
      assert.ok(error instanceof MalformedMessage, String(error))
    }
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (array) => {
      const garbage = Buffer.from(array)
      calmly(() => framesOf([garbage]))
      calmly(() => decodeStartup(garbage))
      calmly(() => new BackendScanner().scan(garbage))
      for (const code of [0x51, 0x50, 0x42, 0x44, 0x45, 0x43, 0x70, 0x00]) {
        calmly(() => decodeFrontend({ code, bytes: garbage, body: garbage }))
      }
      calmly(() => decodeBackend(Buffer.concat([Buffer.from([0x54, 0, 0, 0, 0]), garbage])))
    }),
  )
})

test('a length is refused before a byte of its frame is awaited', () => {
  const reader = new FrameReader(1000)
  reader.push(Buffer.from([0x51, 0x06, 0x40, 0, 0]))
  assert.throws(() => reader.next(), MalformedMessage)
  const startup = new FrameReader(1000)
  startup.push(Buffer.from([0x7f, 0xff, 0xff, 0xff]))
  assert.throws(() => startup.nextStartup(), MalformedMessage)
})

test('a row of a gigabyte passes in pieces and is never collected', () => {
  const scanner = new BackendScanner()
  const header = Buffer.from([0x44, 0x40, 0, 0, 0])
  assert.equal(scanner.scan(header)[0]?.bytes.length, 5)
  const chunk = Buffer.alloc(65_536)
  const pieces = scanner.scan(chunk)
  assert.equal(pieces[0]?.bytes.buffer, chunk.buffer)
  assert.equal(scanner.isInsideFrame, true)
})

test('a text that is not UTF-8 is refused with SQLSTATE 22021', () => {
  const body = Buffer.from([0x53, 0xff, 0xfe, 0])
  assert.throws(
    () => decodeFrontend({ code: 0x51, bytes: body, body }),
    (error) => error instanceof MalformedMessage && error.sqlState === '22021',
  )
})

test('a renamed Bind differs from the original in its statement only', () => {
  fc.assert(
    fc.property(text, text, fc.array(maybe), (portal, renamed, parameters) => {
      const bind = {
        kind: 'bind',
        portal,
        statement: 's',
        parameterFormats: [1],
        parameters,
        resultFormats: [],
      } as const
      const reader = new FrameReader(MAX)
      reader.push(encodeFrontend(bind))
      const frame = reader.next()
      assert.ok(frame)
      assert.deepEqual(renameBound(frame, renamed), encodeFrontend({ ...bind, statement: renamed }))
    }),
  )
})
