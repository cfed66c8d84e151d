import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BACKEND,
  type BackendMessage,
  encodeBackend,
  MalformedMessage,
  type Piece,
} from '@articdbm/wire/postgres'
import type { Ending } from '../admit/admission.ts'
import { Exchange } from './exchange.ts'

const piece = (message: BackendMessage): Piece => {
  const bytes = encodeBackend(message)
  return { kind: 'frame', code: bytes.readUInt8(0), bytes }
}
const READY = piece({ kind: 'readyForQuery', status: 'idle' })
const FAILURE = piece({
  kind: 'errorResponse',
  fields: new Map([
    ['S', 'ERROR'],
    ['C', '22012'],
  ]),
})
const done = (tag: string) => piece({ kind: 'commandComplete', tag })
const row: Piece = { kind: 'rows', count: 2, bytes: Buffer.from('rows') }

function statement() {
  const endings: Ending[] = []
  const forwarded = () => undefined
  const ticket = { id: '1', forwarded, end: (ending: Ending) => void endings.push(ending) }
  return { endings, answerable: { ticket, completed: () => undefined } }
}

test('each statement of a query is counted by its own completion, and what an error left out ends with it', () => {
  const exchange = new Exchange()
  const [one, two, three] = [statement(), statement(), statement()]
  exchange.expect({ kind: 'query', statements: [one.answerable, two.answerable, three.answerable] })
  exchange.relay([row, done('SELECT 2'), FAILURE, READY])
  assert.deepEqual(
    one.endings.map(({ rows, outcome }) => [rows, outcome]),
    [[2, 'ok']],
  )
  assert.deepEqual(
    two.endings.map(({ errorCode, outcome }) => [errorCode, outcome]),
    [['22012', 'error']],
  )
  assert.equal(three.endings[0]?.outcome, 'error')
  assert.equal(exchange.isSettled, true)
})

test('an answer that nobody asked for is shown to the client, what it needs not see is not', () => {
  const exchange = new Exchange()
  exchange.expect({ kind: 'reply', codes: [BACKEND.parseComplete], isVisible: false })
  exchange.expect({ kind: 'say', bytes: Buffer.from('said') })
  exchange.expect({ kind: 'sync' })
  const notice = piece({ kind: 'noticeResponse', fields: new Map([['M', 'hi']]) })
  const said = exchange.relay([notice, piece({ kind: 'parseComplete' }), READY])
  assert.deepEqual(said, [notice.bytes, Buffer.from('said'), READY.bytes])
})

test('after an error everything up to Sync is undone in reverse', () => {
  const exchange = new Exchange()
  const undone: string[] = []
  const reply = (name: string) =>
    ({
      kind: 'reply',
      codes: [BACKEND.bindComplete],
      isVisible: true,
      undo: () => void undone.push(name),
    }) as const
  exchange.expect(reply('a'))
  exchange.expect(reply('b'))
  exchange.expect({ kind: 'say', bytes: Buffer.from('never') })
  exchange.expect({ kind: 'sync' })
  assert.deepEqual(exchange.relay([FAILURE, READY]), [FAILURE.bytes, READY.bytes])
  assert.deepEqual(undone, ['b', 'a'])
})

test('an error without a Sync skips until one comes', () => {
  const exchange = new Exchange()
  const { answerable, endings } = statement()
  exchange.expect({ kind: 'execute', statement: answerable, undo: () => undefined })
  exchange.relay([FAILURE])
  assert.deepEqual([exchange.isSkipping, exchange.isSettled, endings.length], [true, true, 1])
  exchange.expect({ kind: 'sync' })
  exchange.relay([READY])
  assert.equal(exchange.isSkipping, false)
})

test('a refusal takes the place of the error that was provoked', () => {
  const exchange = new Exchange()
  exchange.expect({ kind: 'refusal', response: Buffer.from('refused') })
  exchange.expect({ kind: 'sync' })
  assert.deepEqual(exchange.relay([FAILURE, READY]), [Buffer.from('refused'), READY.bytes])
})

test('the Sync that came with a COPY is not answered; the one after it is', () => {
  const exchange = new Exchange()
  const { answerable, endings } = statement()
  exchange.expect({ kind: 'execute', statement: answerable, undo: () => undefined })
  exchange.expect({ kind: 'sync' })
  exchange.relay([piece({ kind: 'copyInResponse' })])
  assert.deepEqual([exchange.wantsCopy, exchange.isDue], [true, false])
  exchange.copyEnded()
  exchange.expect({ kind: 'sync' })
  exchange.relay([done('COPY 5'), READY])
  assert.deepEqual([endings[0]?.rows, exchange.isSettled], [5, true])
})

const UNASKED: readonly Piece[] = [
  READY,
  done('SELECT 1'),
  piece({ kind: 'authenticationOk' }),
  piece({ kind: 'parseComplete' }),
]
for (const [at, unasked] of UNASKED.entries()) {
  test(`a backend that says what nobody asked is cut off: ${at}`, () => {
    assert.throws(() => new Exchange().relay([unasked]), MalformedMessage)
  })
}
