import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConsoleMessage } from '@articdbm/contract'
import { advance, askMore, startRun } from './run.ts'

const START = startRun({ id: 'r1', startedAt: 0, offset: 10 })
const COLUMNS: ConsoleMessage = {
  type: 'columns',
  id: 'r1',
  index: 0,
  columns: [{ name: 'n', type: 'int4', kind: 'number' }],
}

function rows(values: readonly number[], hasMore: boolean): ConsoleMessage {
  return { type: 'rows', id: 'r1', index: 0, rows: values.map((n) => [n]), hasMore }
}

function after(messages: readonly ConsoleMessage[], from = START) {
  return messages.reduce(advance, from)
}

test('pages of rows follow each other, and more can be asked for until the last', () => {
  const first = after([COLUMNS, rows([1, 2], true)])
  assert.equal(first.results[0]?.hasMore, true)
  const asked = askMore(first, 0)
  assert.equal(asked.results[0]?.isAsking, true)
  const last = after([rows([3], false)], asked)
  assert.deepEqual(last.results[0]?.rows, [[1], [2], [3]])
  assert.equal(last.results[0]?.hasMore, false)
  assert.equal(last.results[0]?.isAsking, false)
})

test('the position of an error counts from the beginning of the editor, not of the selection', () => {
  const failed = after([
    {
      type: 'error',
      id: 'r1',
      index: 0,
      code: '42P01',
      message: 'relation "nix" does not exist',
      position: 14,
      hint: '',
      rule: '',
      verdictId: '',
    },
  ])
  assert.equal(failed.problem?.position, 24)
  assert.equal(failed.state, 'running')
})

test('a run ends with its transaction state, and a lost connection ends it too', () => {
  const finished = after([{ type: 'finished', id: 'r1', transaction: 'active', durationMs: 3 }])
  assert.equal(finished.state, 'finished')
  assert.equal(finished.transaction, 'active')
  const lost = after([
    COLUMNS,
    rows([1], true),
    {
      type: 'error',
      id: 'r1',
      index: 0,
      code: 'connection_lost',
      message: 'lost',
      position: null,
      hint: '',
      rule: '',
      verdictId: '',
    },
  ])
  assert.equal(lost.state, 'finished')
  assert.equal(lost.results[0]?.hasMore, false)
})
