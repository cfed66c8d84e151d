import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import {
  type AuditEvent,
  AuditUnavailable,
  DEFAULT_POLICY,
  DEFAULT_POOL,
  type SnapshotDatabase,
} from '@articdbm/contract'
import { loadGrammars, type Statement } from '@articdbm/sql'
import { createObserver } from '../observe/create-observer.ts'
import { Directory } from '../snapshot/directory.ts'
import type { Admission } from './admission.ts'
import { type AdmissionOptions, createAdmission } from './create-admission.ts'
import { followPrepared } from './prepared.ts'

before(loadGrammars)

const database: SnapshotDatabase = {
  id: 'd1',
  name: 'shop',
  engine: 'postgres',
  target: 'shop',
  defaultSchema: 'public',
  backends: [],
  credential: null,
  pool: DEFAULT_POOL,
  policy: DEFAULT_POLICY,
}
const verifier = { iterations: 4096, salt: '', storedKey: '', serverKey: '' }
const facts = {
  id: 's1',
  door: 'postgres',
  address: '192.0.2.7',
  application: 'psql',
  principal: { id: 'p1', name: 'ada', role: 'viewer' },
  databaseId: 'd1',
  isProbe: false,
} as const

function createTestAdmission(isActive = true) {
  const events: AuditEvent[] = []
  const state = { isFull: false }
  const directory = new Directory({
    revision: 1,
    principals: [{ id: 'p1', name: 'ada', role: 'viewer', verifier, isActive, validUntil: null }],
    databases: [database],
    grants: [
      {
        id: 'g1',
        principalId: 'p1',
        databaseId: 'd1',
        schema: '',
        table: 'orders',
        actions: ['read'],
        validUntil: null,
      },
    ],
  })
  const observer = createObserver()
  const note: AdmissionOptions['note'] = (lines, recorded) => {
    for (const line of lines.split('\n').filter(Boolean)) events.push(JSON.parse(line))
    recorded(undefined)
  }
  const admission = createAdmission({
    gateway: 'g1',
    directory: () => directory,
    record: (lines, recorded) => {
      if (state.isFull) return recorded(new AuditUnavailable('no space left on device'))
      note(lines, recorded)
    },
    note,
    observer,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    maskKey: () => Buffer.alloc(32),
    nowMs: () => Date.parse('2026-06-01T00:00:00Z'),
  })
  return { admission, events, observer, state }
}

const none: ReadonlyMap<string, Statement> = new Map()

function ruleOf(admission: Admission, text: string, prepared = none): string {
  const { verdict } = admission.judge({ text, prepared }, facts)
  return verdict.action === 'allow' ? 'allow' : verdict.rule
}

test('each statement of a request is recorded with who, where, what and the verdict', async () => {
  const { admission, events } = createTestAdmission()
  const judged = admission.judge({ text: 'SELECT 1; SELECT * FROM orders', prepared: none }, facts)
  const tickets = await admission.record(judged, facts)
  assert.equal(tickets.length, 2)
  const recorded = events.filter((event) => event.kind === 'statement.recorded')
  assert.deepEqual(
    recorded.map(({ principal, address, door, database: name, sql, relations, verdict }) => {
      return [principal, address, door, name, sql, relations, verdict]
    }),
    [
      ['ada', '192.0.2.7', 'postgres', 'shop', 'SELECT 1', [], 'allow'],
      [
        'ada',
        '192.0.2.7',
        'postgres',
        'shop',
        'SELECT * FROM orders',
        [{ name: 'orders', access: 'read' }],
        'allow',
      ],
    ],
  )
})

test('one statement that is not granted blocks its whole request', async () => {
  const { admission, events, observer } = createTestAdmission()
  const judged = admission.judge({ text: 'SELECT 1; SELECT * FROM secrets', prepared: none }, facts)
  const [ticket] = await admission.record(judged, facts)
  assert.equal(judged.verdict.rule, 'grant.missing')
  assert.equal(events.length, 2)
  assert.ok(
    events.every((event) => event.kind === 'statement.recorded' && event.verdict === 'block'),
  )
  ticket?.end({ outcome: 'ok', rows: 1, bytes: 1, errorCode: '' })
  assert.equal(events.length, 2)
  assert.equal(observer.totals.blocked, 1)
})

test('what ends twice is told once', async () => {
  const { admission, events } = createTestAdmission()
  const [ticket] = await admission.record(
    admission.judge({ text: 'SELECT 1', prepared: none }, facts),
    facts,
  )
  ticket?.end({ outcome: 'ok', rows: 1, bytes: 20, errorCode: '' })
  ticket?.end({ outcome: 'lost', rows: 0, bytes: 0, errorCode: '' })
  const ended = events.filter((event) => event.kind === 'statement.ended')
  assert.deepEqual(
    ended.map(({ outcome, rows, bytes }) => [outcome, rows, bytes]),
    [['ok', 1, 20]],
  )
})

test('what can not be recorded is not admitted', async () => {
  const { admission, state } = createTestAdmission()
  state.isFull = true
  const judged = admission.judge({ text: 'SELECT 1', prepared: none }, facts)
  await assert.rejects(admission.record(judged, facts), AuditUnavailable)
})

test('a blank request is recorded, too', async () => {
  const { admission, events } = createTestAdmission()
  const tickets = await admission.record(
    admission.judge({ text: ' -- nothing', prepared: none }, facts),
    facts,
  )
  assert.equal(tickets.length, 1)
  assert.equal(events.length, 1)
})

test('who was deactivated while connected executes nothing more', () => {
  const { admission } = createTestAdmission(false)
  assert.equal(ruleOf(admission, 'SELECT 1'), 'session.closed')
})

test('EXECUTE is judged by what it executes', () => {
  const { admission } = createTestAdmission()
  const prepare = (text: string) => {
    const [statement] = admission.judge({ text, prepared: none }, facts).analysis.statements
    return statement ? followPrepared(none, statement) : none
  }
  const reads = prepare('PREPARE p AS SELECT * FROM orders')
  const deletes = prepare('PREPARE p AS DELETE FROM orders')
  assert.equal(ruleOf(admission, 'EXECUTE p', reads), 'allow')
  assert.equal(ruleOf(admission, 'EXECUTE p', deletes), 'grant.missing')
  assert.equal(ruleOf(admission, 'EXECUTE p', none), 'statement.incomplete')
  assert.equal(ruleOf(admission, 'PREPARE p AS DELETE FROM orders'), 'grant.missing')
  assert.equal(ruleOf(admission, 'PREPARE p AS SELECT * FROM orders; EXECUTE p'), 'allow')
  assert.equal(ruleOf(admission, 'PREPARE p AS DELETE FROM orders; EXECUTE p'), 'grant.missing')
  assert.equal(ruleOf(admission, 'DEALLOCATE p; EXECUTE p', reads), 'statement.incomplete')
})

test('a text of a known shape is taken as the first was, and is recorded as itself', async () => {
  const { admission, events } = createTestAdmission()
  const ask = (text: string) => admission.judge({ text, prepared: none }, facts)
  const [first, second] = [1, 22].map((id) => ask(`SELECT * FROM orders WHERE id = ${id};`))
  assert.ok(first?.pass)
  assert.equal(second?.pass, first.pass)
  assert.equal(second?.statements[0]?.text, 'SELECT * FROM orders WHERE id = 22')
  assert.equal(second?.statements[0]?.digest, first.statements[0]?.digest)
  for (const judged of [first, second]) if (judged) await admission.record(judged, facts)
  const recorded = events.filter((event) => event.kind === 'statement.recorded')
  assert.deepEqual(
    recorded.map(({ sql }) => sql),
    ['SELECT * FROM orders WHERE id = 1', 'SELECT * FROM orders WHERE id = 22'],
  )
})

test('what is added to a known text, or is not granted, or is no plain read has no pass', () => {
  const { admission } = createTestAdmission()
  const ask = (text: string) => admission.judge({ text, prepared: none }, facts)
  assert.ok(ask('SELECT * FROM orders WHERE id = 1').pass)
  const others = [
    'SELECT * FROM orders WHERE id = 1 OR 1=1',
    'SELECT * FROM orders WHERE id = 1 UNION SELECT NULL',
    'SELECT * FROM secrets WHERE id = 1',
    "SELECT set_config('application_name', 'x', false)",
    'SELECT 1; SELECT 2',
  ]
  for (const text of others) assert.equal(ask(text).pass, undefined, text)
})

test('a lane takes only what reads and has been short, and records it like any other', async () => {
  const { admission, events } = createTestAdmission()
  const quick = admission.quick(facts)
  const shortRead = (asked: string) => {
    const found = quick.passFor(asked)
    return found && quick.isShortRead(found) ? found : undefined
  }
  const text = (id: number) => `SELECT * FROM orders WHERE id = ${id}`
  assert.equal(shortRead(text(1)), undefined)
  for (const id of [1, 2]) {
    const judged = admission.judge({ text: text(id), prepared: none }, facts)
    const [ticket] = await admission.record(judged, facts)
    ticket?.end({ outcome: 'ok', rows: 1, bytes: 10, errorCode: '' })
  }
  const pass = shortRead(text(3))
  assert.ok(pass)
  const ticket = quick.record(pass, text(3), () => undefined)
  ticket.end({ outcome: 'ok', rows: 7, bytes: 70, errorCode: '' }, 1)
  const [first, , third] = events.filter((event) => event.kind === 'statement.recorded')
  assert.deepEqual({ ...third, id: '', sql: '' }, { ...first, id: '', sql: '' })
  assert.equal(third?.sql, text(3))
  const last = events.filter((event) => event.kind === 'statement.ended').at(-1)
  assert.deepEqual([last?.id, last?.rows, last?.bytes], [third?.id, 7, 70])
  ticket.end({ outcome: 'ok', rows: 1, bytes: 100_000, errorCode: '' }, 1)
  assert.equal(shortRead(text(4)), undefined)
})
