import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import {
  type Backend,
  DEFAULT_POOL,
  PositionRefused,
  type SnapshotDatabase,
} from '@articdbm/contract'
import { seal } from '@articdbm/credential'
import { keyOf } from './member.ts'
import { parseLsn, parseSources } from './position.ts'
import { Positions } from './positions.ts'
import { Rosters } from './roster.ts'

const MASTER = randomBytes(32)
const BACKENDS: readonly [Backend, Backend] = [
  { id: 'a', host: 'a', port: 1, role: 'primary', weight: 1, tls: 'disable' },
  { id: 'b', host: 'b', port: 1, role: 'replica', weight: 1, tls: 'disable' },
]
const GOAL = { source: keyOf(BACKENDS[0]), position: parseLsn('16/B374D848') }

function database(id: string): SnapshotDatabase {
  return {
    ...{ id, name: id, engine: 'postgres', target: id, credential: null },
    ...{ backends: [...BACKENDS], pool: DEFAULT_POOL },
  } as unknown as SnapshotDatabase
}

const positions = (master = MASTER) =>
  new Positions({ master, rosters: new Rosters({ nowMs: () => 0, random: () => 0 }) })

describe('a position', () => {
  test('is read by every gateway of the same master key, and tells nothing to anybody else', async () => {
    const token = await positions().tell(database('shop'), new Map(), [GOAL])
    assert.deepEqual(positions().read(database('shop'), token), [GOAL])
    assert.doesNotMatch(Buffer.from(token, 'base64url').toString('latin1'), /shop|lsn/)
  })

  test('of another database, of another key, changed, cut or made up is refused', async () => {
    const token = await positions().tell(database('shop'), new Map(), [GOAL])
    const foreign = await positions(randomBytes(32)).tell(database('shop'), new Map(), [GOAL])
    const nonce = randomBytes(12)
    const changed = `${token.slice(0, 30)}${token[30] === 'A' ? 'B' : 'A'}${token.slice(31)}`
    const bad = [
      ...[
        '',
        'x',
        '..',
        'v1..',
        'v1.AAAA.AAAA',
        token.slice(0, -4),
        `${token}AAAA`,
        changed,
        foreign,
      ],
      ...[seal(MASTER, 'backend-credential', '{"database":"shop","goals":[]}', nonce)],
      ...[seal(MASTER, 'position', '{"database":"shop"}', nonce), 'v1.'.padEnd(1_000_000, 'A')],
    ]
    for (const one of bad) {
      assert.throws(
        () => positions().read(database('shop'), one),
        PositionRefused,
        one.slice(0, 40),
      )
    }
    assert.throws(() => positions().read(database('other'), token), PositionRefused)
  })

  test('on a server that the database has no more leads to who takes the writes', async () => {
    const gone = { ...GOAL, source: 'gone:1 disable' }
    const token = await positions().tell(database('shop'), new Map(), [gone])
    assert.deepEqual(positions().read(database('shop'), token), [{ ...gone, position: undefined }])
  })

  test('that nobody can tell, or that would be too long, does so, too', async () => {
    const written = new Map([[GOAL.source, 1]])
    const untold = await positions().tell(database('shop'), written, [])
    assert.equal(positions().read(database('shop'), untold)[0]?.position, undefined)
    const ranges = Array.from({ length: 2_000 }, (_, at) => `${at * 2 + 1}-${at * 2 + 1}`)
    const position = parseSources(`3e11fa47-71ca-11e1-9e33-c80aa9429562:${ranges.join(':')}`)
    const long = await positions().tell(database('shop'), new Map(), [{ ...GOAL, position }])
    assert.ok(long.length < 6_000)
    assert.equal(positions().read(database('shop'), long)[0]?.position, undefined)
  })
})
