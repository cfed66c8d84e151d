import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { AnswerCutter } from './answer-cutter.ts'
import { encodeBackend } from './encode-backend.ts'
import { encodeFrontend } from './encode-frontend.ts'
import { loneRequest } from './lone-request.ts'
import { MalformedMessage } from './malformed.ts'

const READY = encodeBackend({ kind: 'readyForQuery', status: 'idle' })
const HIDDEN = encodeBackend({ kind: 'parseComplete' })
const ROW = Buffer.from([0x44, 0, 0, 0, 12, 0, 1, 0, 0, 0, 2, 0x34, 0x32])
const DONE = encodeBackend({ kind: 'commandComplete', tag: 'SELECT 1' })
const FAILED = encodeBackend({
  kind: 'errorResponse',
  fields: new Map([
    ['S', 'ERROR'],
    ['C', '42P01'],
    ['M', 'no such table'],
  ]),
})
const NEWS = encodeBackend({ kind: 'parameterStatus', name: 'TimeZone', value: 'UTC' })

/** Collects whole answers; before each it expects what `hidden` says. */
function cutterFor(answers: string[], seen: string[], hidden = 0) {
  let parts: Buffer[] = []
  const cutter = new AnswerCutter({
    take: (bytes, isEnd) => {
      parts.push(Buffer.from(bytes))
      if (!isEnd) return
      answers.push(Buffer.concat(parts).toString('hex'))
      seen.push(`${cutter.seen.rows} ${cutter.seen.sqlState}`)
      parts = []
      cutter.begin(true, hidden)
    },
  })
  cutter.begin(true, hidden)
  return cutter
}

test('answers are cut alike whatever chunks they come in', () => {
  const answer = fc.constantFrom(
    [ROW, ROW, DONE, READY],
    [FAILED, READY],
    [DONE, READY],
    [NEWS, ROW, DONE, READY],
  )
  fc.assert(
    fc.property(
      fc.array(answer, { minLength: 1, maxLength: 8 }),
      fc.array(fc.nat(60)),
      (list, cuts) => {
        const bytes = Buffer.concat(list.flat())
        const whole: string[] = []
        const pieces: string[] = []
        const [seenWhole, seenPieces]: [string[], string[]] = [[], []]
        cutterFor(whole, seenWhole).cut(bytes)
        const cutter = cutterFor(pieces, seenPieces)
        let at = 0
        for (const length of cuts) {
          cutter.cut(Buffer.from(bytes.subarray(at, at + length)))
          at += length
        }
        cutter.cut(Buffer.from(bytes.subarray(at)))
        const expected = list.map((frames) => Buffer.concat(frames.filter((one) => one !== NEWS)))
        assert.deepEqual(
          whole,
          expected.map((one) => one.toString('hex')),
        )
        assert.deepEqual(pieces, whole)
        assert.deepEqual(seenPieces, seenWhole)
      },
    ),
  )
})

test('what the client did not ask for is hidden, once', () => {
  const answers: string[] = []
  const cutter = cutterFor(answers, [], 1)
  cutter.cut(Buffer.concat([HIDDEN, HIDDEN, DONE, READY]))
  assert.deepEqual(answers, [Buffer.concat([HIDDEN, DONE, READY]).toString('hex')])
})

test('an open transaction, an unknown message, and an answer that nobody asked end a lane', () => {
  const open = encodeBackend({ kind: 'readyForQuery', status: 'active' })
  for (const bytes of [open, Buffer.from([0x47, 0, 0, 0, 4]), Buffer.from([0x54, 0, 0, 0, 1])]) {
    assert.throws(() => cutterFor([], []).cut(bytes), MalformedMessage)
  }
  const idle = cutterFor([], [])
  idle.begin(false, 0)
  idle.cut(NEWS)
  assert.throws(() => idle.cut(Buffer.concat([DONE, READY])), MalformedMessage)
})

test("a connection of one's own may be in a transaction, and says everything to its client", () => {
  const open = encodeBackend({ kind: 'readyForQuery', status: 'active' })
  const told: Buffer[] = []
  const taken: Buffer[] = []
  const sink = {
    take: (bytes: Buffer) => void taken.push(bytes),
    told: (frame: Buffer) => void told.push(frame),
  }
  const cutter = new AnswerCutter(sink, 'own')
  cutter.begin(true, 0)
  cutter.cut(Buffer.concat([NEWS, DONE, open]))
  assert.deepEqual(Buffer.concat(taken), Buffer.concat([NEWS, DONE, open]))
  assert.deepEqual(told, [NEWS])
  assert.equal(cutter.seen.status, 'active')
})

test('rows are those given, or else what the command tag says', () => {
  const counts: number[] = []
  const cutter = new AnswerCutter({
    take: (_, isEnd) => void (isEnd && counts.push(cutter.seen.rows)),
  })
  for (const tag of [
    'INSERT 0 57',
    'UPDATE 0',
    'SELECT 1',
    'BEGIN',
    `DELETE ${'9'.repeat(15)}`,
    `DELETE ${'9'.repeat(16)}`,
    'X5',
  ]) {
    cutter.begin(true, 0)
    const rows = tag.startsWith('SELECT') ? [ROW] : []
    cutter.cut(Buffer.concat([...rows, encodeBackend({ kind: 'commandComplete', tag }), READY]))
  }
  assert.deepEqual(counts, [57, 0, 1, 0, 999_999_999_999_999, 0, 0])
})

const bind = encodeFrontend({
  ...{ kind: 'bind', portal: '', statement: 's1', parameterFormats: [], resultFormats: [1] },
  parameters: [Buffer.from('7'), null],
})
const execute = encodeFrontend({ kind: 'execute', portal: '', maxRows: 0 })
const sync = encodeFrontend({ kind: 'sync' })
const describe = encodeFrontend({ kind: 'describe', target: 'portal', name: '' })
const query = encodeFrontend({ kind: 'query', text: 'SELECT 1' })

test('a lone request is one whole plain request and nothing else', () => {
  const lone = [
    query,
    Buffer.concat([bind, execute, sync]),
    Buffer.concat([bind, describe, execute, sync]),
  ]
  for (const bytes of lone) assert.ok(loneRequest(bytes))
  for (const bytes of lone) {
    for (let end = 0; end < bytes.length; end += 1) {
      assert.equal(loneRequest(bytes.subarray(0, end)), undefined)
    }
    assert.equal(loneRequest(Buffer.concat([bytes, sync])), undefined)
    assert.equal(loneRequest(Buffer.concat([bytes, bytes])), undefined)
  }
})

test('a Bind whose lengths are wrong is not a lone request', () => {
  for (let at = 5; at < bind.length; at += 1) {
    const bent = Buffer.from(bind)
    bent[at] = (bent[at] ?? 0) ^ 0x55
    const lone = loneRequest(Buffer.concat([bent, execute, sync]))
    if (lone?.kind !== 'execute') continue
    assert.equal(lone.bytes.length, bind.length + execute.length + sync.length)
  }
  const short = Buffer.from(bind)
  short.writeUInt16BE(9, bind.indexOf('s1') + 5)
  assert.equal(loneRequest(Buffer.concat([short, execute, sync])), undefined)
})
