import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { inspect } from '@articdbm/firewall'
import { analyze, loadGrammars } from '@articdbm/sql'
import type { SessionFacts } from '../session-facts.ts'
import { recordedEvents } from './events.ts'

before(loadGrammars)

const FACTS: SessionFacts = {
  ...{ id: 's', door: 'postgres', address: '127.0.0.1', application: '', databaseId: 'd' },
  ...{ principal: { id: 'p', name: 'ada', role: 'viewer' }, isProbe: false },
}

function eventsOf(text: string) {
  const analysis = analyze(text, 'postgres')
  const judged = { analysis, statements: analysis.statements, verdict: inspect(analysis) }
  const context = { gateway: 'g', databaseName: 'shop', facts: FACTS, at: '' }
  return recordedEvents(judged, { ...context, createId: () => 'id' })
}

test('a finding is told with the statement that it lies in, counted from its beginning', () => {
  const text = "SELECT 1;  SELECT * FROM a WHERE b = '' OR 'x' = 'x'"
  const [first, second] = eventsOf(text)
  assert.equal(first?.findings, undefined)
  const [finding] = second?.findings ?? []
  assert.equal(second?.sql.slice(finding?.start, finding?.end), "'x' = 'x'")
})

test('a comment that cuts off is recorded, though it belongs to no statement', () => {
  const [event] = eventsOf("SELECT * FROM a WHERE b = 'x' --' AND c = 1")
  const found = event?.findings?.find(({ category }) => category === 'truncation')
  assert.equal(event?.sql.slice(found?.start, found?.end), "--' AND c = 1")
})

test('many findings are a few of them', () => {
  const [event] = eventsOf(`SELECT * FROM a WHERE b = 1${' OR 1 = 1'.repeat(500)}`)
  assert.equal(event?.findings?.length, 50)
})
