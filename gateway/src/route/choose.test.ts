import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Backend, DEFAULT_ROUTING } from '@articdbm/contract'
import { type Candidate, isSoleWriter, type Rules, readersOf, writersOf } from './choose.ts'
import type { Observation } from './observation.ts'
import { TO_PRIMARY, type Wish } from './wish.ts'

const RULES: Rules = { engine: 'postgres', routing: DEFAULT_ROUTING, successor: undefined }
const READ: Wish = { ...TO_PRIMARY, aim: 'reader' }

function backend(role: Backend['role'], weight = 100): Backend {
  return { id: '', host: 'db', port: 1, role, weight, tls: 'disable' }
}

function seen(role: Backend['role'], more: Partial<Observation> = {}): Observation {
  return { role, unfit: '', position: undefined, lagMs: 0, timeline: 0, ...more }
}

function candidate(key: string, role: Backend['role'], more: Partial<Candidate> = {}): Candidate {
  const facts = { isHealthy: true, lagMs: 0, freshAsOfMs: () => 1_000, load: 0, lot: 0 }
  return { key, configured: backend(role), seen: seen(role), ...facts, ...more }
}

const keys = (some: readonly Candidate[]) => some.map(({ key }) => key)
const writers = (all: readonly Candidate[], rules: Partial<Rules> = {}) =>
  keys(writersOf(all, { ...RULES, ...rules }))
const readers = (all: readonly Candidate[], wish = READ, rules: Partial<Rules> = {}) => {
  const full = { ...RULES, ...rules }
  return keys(readersOf(all, wish, { rules: full, writer: writersOf(all, full)[0] }))
}

test('writes go to the primary, and until it was seen to what is configured as one', () => {
  const unseen = { seen: undefined }
  assert.deepEqual(writers([candidate('p', 'primary'), candidate('r', 'replica')]), ['p'])
  assert.deepEqual(
    writers([candidate('p', 'primary', unseen), candidate('r', 'replica', unseen)]),
    ['p'],
  )
})

test('writes follow a promoted replica once the primary is gone or read-only', () => {
  const promoted = candidate('r', 'replica', { seen: seen('primary') })
  const demoted = candidate('p', 'primary', { seen: seen('replica') })
  const dead = candidate('p', 'primary', { isHealthy: false })
  assert.deepEqual(writers([demoted, promoted]), ['r'])
  assert.equal(writers([dead, promoted])[0], 'r')
})

test('an old primary that comes back gets no writes: its timeline is older, or it was succeeded', () => {
  const old = candidate('p', 'primary', { seen: seen('primary', { timeline: 1 }) })
  const newer = candidate('r', 'replica', { seen: seen('primary', { timeline: 2 }) })
  assert.deepEqual(writers([old, newer]), ['r'])
  const equal = [candidate('p', 'primary'), candidate('r', 'replica', { seen: seen('primary') })]
  assert.deepEqual(writers(equal), ['p'])
  assert.deepEqual(writers(equal, { successor: 'r' }), ['r'])
})

test('the only primary is tried even when it is set aside; a draining one is not', () => {
  assert.deepEqual(writers([candidate('p', 'primary', { isHealthy: false })]), ['p'])
  assert.deepEqual(writers([candidate('p', 'primary', { configured: backend('primary', 0) })]), [])
})

test('reads go to the replica with the fewest connections for its weight', () => {
  const primary = candidate('p', 'primary')
  const light = candidate('a', 'replica', { configured: backend('replica', 50), load: 2 })
  const heavy = candidate('b', 'replica', { configured: backend('replica', 100), load: 3 })
  const even = candidate('c', 'replica', { configured: backend('replica', 100), load: 3, lot: 0.5 })
  assert.deepEqual(readers([primary, light, heavy, even]), ['b', 'c', 'a'])
})

test('a replica that is late, unknown, down, unfit or draining gets no reads', () => {
  const primary = candidate('p', 'primary')
  for (const fault of [
    { lagMs: 10_001 },
    { lagMs: undefined },
    { seen: undefined },
    { isHealthy: false },
    { seen: seen('replica', { unfit: 'it is not synced' }) },
    { configured: backend('replica', 0) },
  ]) {
    assert.deepEqual(readers([primary, candidate('r', 'replica', fault)]), [])
  }
})

test('a session reads what it wrote from the primary until a replica has it, unless a hint says otherwise', () => {
  const all = [candidate('p', 'primary'), candidate('r', 'replica')]
  const written = (atMs: number) => new Map([['p', atMs]])
  assert.deepEqual(readers(all, { ...READ, written: written(999) }), ['r'])
  assert.deepEqual(readers(all, { ...READ, written: written(1_000) }), [])
  assert.deepEqual(readers(all, { ...READ, written: written(1_000), isHinted: true }), ['r'])
})

test('without the split only a hint leads to a replica', () => {
  const all = [candidate('p', 'primary'), candidate('r', 'replica')]
  const routing = { ...DEFAULT_ROUTING, readWriteSplit: false }
  assert.deepEqual(readers(all, READ, { routing }), [])
  assert.deepEqual(readers(all, { ...READ, isHinted: true }, { routing }), ['r'])
})

test('in Galera the first healthy node in order writes, the others read', () => {
  const node = (key: string, more: Partial<Candidate> = {}) => candidate(key, 'primary', more)
  const all = [node('a', { isHealthy: false }), node('b', { load: 9 }), node('c')]
  assert.deepEqual(writers(all, { engine: 'galera' }), ['b', 'c', 'a'])
  assert.deepEqual(readers(all, READ, { engine: 'galera' }), ['c'])
  const routing = { ...DEFAULT_ROUTING, hasSingleWriter: false }
  assert.deepEqual(writers(all, { engine: 'galera', routing }), ['c', 'b', 'a'])
  assert.deepEqual(readers(all, READ, { engine: 'galera', routing }), [])
})

test('a position tells how late the others are only where one server alone takes the writes', () => {
  const [p, q] = [candidate('p', 'primary'), candidate('q', 'primary')]
  const r = candidate('r', 'replica')
  assert.equal(isSoleWriter(p, [p, r], RULES), true)
  assert.equal(isSoleWriter(r, [p, r], RULES), false)
  assert.equal(isSoleWriter(p, [p, q], RULES), false)
})
