import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import {
  AuthenticationFailed,
  DEFAULT_POLICY,
  DEFAULT_POOL,
  type Engine,
  type SessionOpened,
  type SnapshotDatabase,
  type SnapshotPrincipal,
  TooManyAttempts,
  UnknownDatabase,
  WrongDoor,
} from '@articdbm/contract'
import { deriveVerifier, issueToken, type TokenClaims } from '@articdbm/credential'
import { Directory } from '../snapshot/directory.ts'
import { createIdentity } from './create-identity.ts'

const master = randomBytes(32)
const NOW = Date.parse('2026-06-01T00:00:00Z')
const PASSWORD = 'correct horse battery staple'
const verifier = await deriveVerifier(PASSWORD, randomBytes(16))

function principal(change: Partial<SnapshotPrincipal> = {}): SnapshotPrincipal {
  return {
    id: 'p1',
    name: 'Ada',
    role: 'viewer',
    verifier,
    isActive: true,
    validUntil: null,
    ...change,
  }
}

function database(name: string, engine: Engine): SnapshotDatabase {
  return {
    id: name,
    name,
    engine,
    target: name,
    defaultSchema: 'public',
    backends: [],
    credential: null,
    pool: DEFAULT_POOL,
    policy: DEFAULT_POLICY,
  }
}

function grantOn(databaseId: string) {
  const actions: ['read'] = ['read']
  return {
    id: databaseId,
    principalId: 'p1',
    databaseId,
    schema: '*',
    table: '*',
    actions,
    validUntil: null,
  }
}

function createTestIdentity(person = principal()) {
  const events: SessionOpened[] = []
  const directory = new Directory({
    revision: 3,
    principals: [person],
    databases: [
      database('shop', 'sqlite'),
      database('orders', 'postgres'),
      database('closed', 'postgres'),
    ],
    grants: [grantOn('shop'), grantOn('orders')],
  })
  const identity = createIdentity({
    master,
    gateway: 'g1',
    directory: () => directory,
    reached: async () => true,
    record: async (event) => void events.push(event),
    loginRefused: () => undefined,
    nowMs: () => NOW,
  })
  return { identity, events }
}

const arrival = {
  door: 'postgres',
  address: '192.0.2.7',
  application: 'psql',
  database: 'shop',
} as const

test('a name is found in any case, and its password opens a database that is granted', async () => {
  const { identity, events } = createTestIdentity()
  const candidate = await identity.find('ada', arrival.address)
  assert.equal(await identity.isPassword(candidate, PASSWORD), true)
  assert.equal(await identity.isPassword(candidate, 'wrong'), false)
  const facts = await identity.open(candidate, arrival)
  assert.equal(facts.principal.name, 'Ada')
  assert.equal(facts.address, '192.0.2.7')
  assert.deepEqual(
    events.map(({ isRefused, principal: name }) => [isRefused, name]),
    [[false, 'Ada']],
  )
})

test('the fast digest is known once the password was right, and not before', async () => {
  const { identity } = createTestIdentity()
  const first = await identity.find('Ada', arrival.address)
  assert.equal(first.fastDigest, undefined)
  await identity.isPassword(first, PASSWORD)
  assert.equal((await identity.find('Ada', arrival.address)).fastDigest?.length, 32)
})

test('an unknown name looks like a known one, the same at each try, and nothing proves it', async () => {
  const { identity } = createTestIdentity()
  const [first, second] = [await identity.find('nobody', 'a'), await identity.find('nobody', 'b')]
  assert.deepEqual(first.verifier, second.verifier)
  assert.equal(first.verifier.iterations, verifier.iterations)
  assert.equal(await identity.isPassword(first, PASSWORD), false)
  await assert.rejects(identity.open(first, arrival), AuthenticationFailed)
})

test('who is inactive or past their end is refused although the password is right', async () => {
  for (const change of [{ isActive: false }, { validUntil: '2026-05-31T00:00:00.000Z' }]) {
    const { identity, events } = createTestIdentity(principal(change))
    const candidate = await identity.find('Ada', arrival.address)
    await assert.rejects(identity.open(candidate, arrival), AuthenticationFailed)
    assert.equal(events.at(-1)?.isRefused, true)
  }
})

test('a database without a grant looks like one that does not exist', async () => {
  const { identity } = createTestIdentity()
  const candidate = await identity.find('Ada', arrival.address)
  for (const name of ['closed', 'nowhere']) {
    await assert.rejects(identity.open(candidate, { ...arrival, database: name }), UnknownDatabase)
  }
})

test('the MySQL door sends who asks for a PostgreSQL database to the other door', async () => {
  const { identity } = createTestIdentity()
  const candidate = await identity.find('Ada', arrival.address)
  const wrong = { ...arrival, door: 'mysql', database: 'orders' } as const
  await assert.rejects(identity.open(candidate, wrong), WrongDoor)
  assert.equal((await identity.open(candidate, { ...wrong, database: 'shop' })).databaseId, 'shop')
})

function claims(change: Partial<TokenClaims> = {}): TokenClaims {
  return {
    nonce: randomBytes(16).toString('hex'),
    principalId: 'p1',
    database: 'shop',
    door: 'console',
    address: '198.51.100.9',
    scope: 'session',
    revision: 3,
    validUntilMs: NOW + 60_000,
    ...change,
  }
}

test('a one-time token opens a session of its person, door and address, once', async () => {
  const { identity } = createTestIdentity()
  const token = issueToken(master, claims())
  const candidate = await identity.find(token.user, arrival.address)
  assert.equal(await identity.isPassword(candidate, token.password), true)
  const facts = await identity.open(candidate, arrival)
  assert.deepEqual(
    [facts.door, facts.address, facts.principal.name],
    ['console', '198.51.100.9', 'Ada'],
  )
  await assert.rejects(identity.open(candidate, arrival), AuthenticationFailed)
})

test('of many that race for one token, one gets in', async () => {
  const { identity } = createTestIdentity()
  const candidate = await identity.find(issueToken(master, claims()).user, arrival.address)
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, () => identity.open(candidate, arrival)),
  )
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('a token that is late, for another database, or changed opens nothing', async () => {
  const { identity } = createTestIdentity()
  for (const change of [{ validUntilMs: NOW }, { database: 'orders' }]) {
    const candidate = await identity.find(issueToken(master, claims(change)).user, arrival.address)
    await assert.rejects(identity.open(candidate, arrival), AuthenticationFailed)
  }
  const { user, password } = issueToken(master, claims())
  const forged = await identity.find(`${user.slice(0, -1)}${user.endsWith('A') ? 'B' : 'A'}`, 'x')
  assert.equal(await identity.isPassword(forged, password), false)
  await assert.rejects(identity.open(forged, arrival), AuthenticationFailed)
})

test('after ten wrong passwords for a name the address has to wait', async () => {
  const { identity, events } = createTestIdentity()
  const candidate = await identity.find('Ada', arrival.address)
  await Promise.all(Array.from({ length: 10 }, () => identity.refuse(candidate, arrival)))
  await assert.rejects(identity.find('Ada', arrival.address), TooManyAttempts)
  assert.equal((await identity.find('Ada', '203.0.113.1')).user, 'Ada')
  assert.equal(events.filter(({ isRefused }) => isRefused).length, 10)
})
