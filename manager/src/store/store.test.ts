// What needs no server: the embedded store, retries with injected faults, and the reading of engines' errors.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  CommitUnknown,
  Conflict,
  currentRevision,
  migrate,
  nextRevision,
  openStore,
  StoreUnavailable,
  UniqueViolation,
  ValueTooLong,
} from './index.ts'
import { explainMysql } from './mysql/faults.ts'
import { explainPostgres } from './postgres/faults.ts'
import { withRetries } from './retry.ts'
import { explainSqlite } from './sqlite/faults.ts'
import { Turnstile } from './sqlite/turnstile.ts'

const failure = (message: string, fields: object): Error =>
  Object.assign(new Error(message), fields)

test('an embedded store in memory migrates, counts and closes', async () => {
  await using store = openStore({ type: 'sqlite', path: ':memory:' })
  await migrate(store)
  const revisions = await Promise.all([1, 2, 3].map(() => store.transaction(nextRevision)))
  assert.deepEqual(revisions, [1, 2, 3])
  assert.equal(await currentRevision(store.db), 3)
})

const EXPLAINED = [
  [
    explainMysql(failure("Duplicate entry 'x' for key 'PRIMARY'", { errno: 1062 }), 'users'),
    'users_primary',
  ],
  [
    explainMysql(
      failure("Duplicate entry 'a' for key 'b' for key 'users.users_name_key_unique'", {
        errno: 1062,
      }),
      'users',
    ),
    'users_name_key_unique',
  ],
  [explainMysql(failure('Deadlock found', { errno: 1213 }), ''), Conflict],
  [explainMysql(failure('WSREP has not yet prepared node', { errno: 1047 }), ''), StoreUnavailable],
  [explainMysql(failure('connect', { code: 'ECONNREFUSED' }), ''), StoreUnavailable],
  [
    explainMysql(
      failure('Connection lost: The server closed the connection.', {
        code: 'PROTOCOL_CONNECTION_LOST',
      }),
      '',
    ),
    StoreUnavailable,
  ],
  [explainMysql(failure('Data too long', { errno: 1406 }), ''), ValueTooLong],
  [explainMysql(failure('You have an error in your SQL syntax', { errno: 1064 }), ''), undefined],
  [
    explainPostgres(failure('duplicate key', { code: '23505', constraint: 'users_primary' })),
    'users_primary',
  ],
  [explainPostgres(failure('deadlock detected', { code: '40P01' })), Conflict],
  [explainPostgres(failure('could not serialize', { code: '40001' })), Conflict],
  [explainPostgres(failure('terminating connection', { code: '57P01' })), StoreUnavailable],
  [explainPostgres(failure('Connection terminated unexpectedly', {})), StoreUnavailable],
  [explainPostgres(failure('too many clients', { code: '53300' })), StoreUnavailable],
  [
    explainPostgres(failure('self-signed', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' })),
    StoreUnavailable,
  ],
  [explainPostgres(failure('password', { code: '28P01' })), StoreUnavailable],
  [explainPostgres(failure('syntax error', { code: '42601' })), undefined],
  [explainSqlite(failure('database is locked', { errcode: 5 })), Conflict],
  [explainSqlite(failure('database is locked', { errcode: 517 })), Conflict],
  [explainSqlite(failure('disk full', { errcode: 13 })), StoreUnavailable],
  [
    explainSqlite(failure('UNIQUE constraint failed: grants.a, grants.b', { errcode: 2067 })),
    'grants_a_b_unique',
  ],
  [explainSqlite(failure('near "SELEC": syntax error', { errcode: 1 })), undefined],
] as const

test('an error of an engine is the fault that it means, and a bug stays a bug', () => {
  for (const [fault, meaning] of EXPLAINED) {
    if (typeof meaning === 'string') {
      assert.ok(fault instanceof UniqueViolation)
      assert.equal(fault.constraint, meaning)
    } else if (meaning === undefined) assert.equal(fault, undefined)
    else assert.ok(fault instanceof meaning, fault?.message)
  }
})

async function triesOf(fault: Error, mayRepeat: boolean): Promise<number> {
  let tries = 0
  const work = withRetries(
    { maxRetries: 3, retryDelayMs: 1 },
    async () => {
      tries += 1
      throw fault
    },
    () => mayRepeat,
  )
  await assert.rejects(work, fault)
  return tries
}

test('what passes is repeated within the limit, and nothing else', async () => {
  assert.equal(await triesOf(new Conflict('x'), true), 4)
  assert.equal(await triesOf(new StoreUnavailable('x'), true), 4)
  assert.equal(await triesOf(new CommitUnknown(new Error('x')), true), 4)
  assert.equal(await triesOf(new CommitUnknown(new Error('x')), false), 1)
  assert.equal(await triesOf(new UniqueViolation('x'), true), 1)
  assert.equal(await triesOf(new TypeError('x'), true), 1)
})

test('the turnstile lets one in at a time, in order, and a second leave frees nobody', async () => {
  const turnstile = new Turnstile()
  const order: number[] = []
  const first = await turnstile.enter()
  const others = [1, 2, 3].map(async (at) => {
    const leave = await turnstile.enter()
    order.push(at)
    await Promise.resolve()
    leave()
    leave()
  })
  assert.deepEqual(order, [])
  first()
  await Promise.all(others)
  assert.deepEqual(order, [1, 2, 3])
})
