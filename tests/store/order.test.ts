import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  contains,
  decodeCursor,
  encodeCursor,
  foldText,
  nullsLast,
  olderThan,
  type Store,
  startsWith,
} from '../../manager/src/store/index.ts'
import { alike, closeAllAfter } from './harness.ts'
import { auditRow, userRow } from './rows.ts'

closeAllAfter()

const NAMES = [
  'b',
  'a',
  'B',
  'A',
  'ä',
  'a ',
  'a b',
  'a-b',
  'ab',
  '_',
  '10',
  '9',
  'z',
  'é',
  'e',
  '中',
  '😀',
  '\uffee',
  '',
]
/** By code point, as bytes of UTF-8 are ordered; JavaScript's own order differs above U+FFFF. */
const IN_ORDER = NAMES.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))

async function storeUsers(store: Store, keys: readonly string[]): Promise<void> {
  const rows = keys.map((name_key) => userRow({ name_key }))
  await store.db.insertInto('users').values(rows).execute()
}

alike(
  'texts are ordered by code point, whatever the collation of server and database',
  async (store) => {
    await storeUsers(store, NAMES)
    const found = await store.db
      .selectFrom('users')
      .select('name_key')
      .orderBy('name_key')
      .execute()
    return found.map(({ name_key }) => name_key)
  },
  IN_ORDER,
)

alike(
  'texts are compared by code point',
  async (store) => {
    await storeUsers(store, NAMES)
    const query = store.db.selectFrom('users').select('name_key').where('name_key', '>', 'a')
    const found = await query.where('name_key', '<=', 'b').orderBy('name_key').execute()
    return found.map(({ name_key }) => name_key)
  },
  IN_ORDER.filter((name) => name > 'a' && name <= 'b'),
)

for (const direction of ['asc', 'desc'] as const) {
  const dates = ['2026-01-02T00:00:00.000Z', '2026-01-01T00:00:00.000Z']
  alike(
    `nulls come last when the order is ${direction}`,
    async (store) => {
      const rows = [null, ...dates, null].map((valid_until, at) =>
        userRow({ id: `u${at}`, name_key: `u${at}`, valid_until }),
      )
      await store.db.insertInto('users').values(rows).execute()
      const query = store.db.selectFrom('users').select('id').orderBy(nullsLast('valid_until'))
      const found = await query.orderBy('valid_until', direction).orderBy('id').execute()
      return found.map(({ id }) => id)
    },
    direction === 'asc' ? ['u2', 'u1', 'u0', 'u3'] : ['u1', 'u2', 'u0', 'u3'],
  )
}

const STATEMENTS = [
  'SELECT 100% FROM a_b',
  'select 100 from axb',
  'a!b',
  'back\\slash',
  "quote'd",
  'STRASSE ÄÖ',
  '中文',
]

const SEARCHES: Record<string, readonly number[]> = {
  '100%': [0],
  a_b: [0],
  SELECT: [0, 1],
  'from A': [0, 1],
  '!': [2],
  '\\': [3],
  "'D": [4],
  'strasse äö': [5],
  文: [6],
  '%': [0],
  _: [0],
  '': [0, 1, 2, 3, 4, 5, 6],
  absent: [],
}

alike(
  'a search is blind to case and takes wildcards for themselves',
  async (store) => {
    const rows = STATEMENTS.map((sql_text, at) => auditRow({ id: `${at}`, sql_text }))
    await store.db.insertInto('audit_log').values(rows).execute()
    const results: Record<string, readonly number[]> = {}
    for (const text of Object.keys(SEARCHES)) {
      const query = store.db.selectFrom('audit_log').select('id').where(contains('sql_key', text))
      const found = await query.orderBy('id').execute()
      results[text] = found.map(({ id }) => Number(id))
    }
    return results
  },
  SEARCHES,
)

alike(
  'startsWith and LIKE mind the case',
  async (store) => {
    await storeUsers(store, ['Anna', 'anna', 'a%na', 'bANNA'])
    const users = store.db.selectFrom('users').select('name_key').orderBy('name_key')
    const begin = await users.where(startsWith('name_key', 'a')).execute()
    const wild = await users.where(startsWith('name_key', 'a%')).execute()
    const like = await users.where('name_key', 'like', 'A%').execute()
    return { begin, wild, like }
  },
  {
    begin: [{ name_key: 'a%na' }, { name_key: 'anna' }],
    wild: [{ name_key: 'a%na' }],
    like: [{ name_key: 'Anna' }],
  },
)

alike(
  'pages follow each other without a gap or a repeat, when many rows share an instant',
  async (store) => {
    const rows = Array.from({ length: 50 }, (_, at) =>
      auditRow({ id: `r${at}`, at: `2026-01-01T00:00:00.00${at % 3}Z` }),
    )
    await store.db.insertInto('audit_log').values(rows).execute()
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const from = cursor === undefined ? undefined : decodeCursor(cursor)
      let query = store.db.selectFrom('audit_log').select(['id', 'at']).limit(7)
      if (from) query = query.where(olderThan(from, { at: 'at', id: 'id' }))
      const page = await query.orderBy('at', 'desc').orderBy('id', 'desc').execute()
      seen.push(...page.map(({ id }) => id))
      const last = page.at(-1)
      cursor = last && encodeCursor(last)
    } while (cursor !== undefined)
    assert.equal(new Set(seen).size, rows.length)
    return seen
  },
)

test('a cursor that was not made here is no cursor', () => {
  for (const text of ['', 'x', 'WzFd', encodeCursor({ at: 'a', id: 'b' }).repeat(200), '!!!']) {
    assert.equal(decodeCursor(text), undefined)
  }
  assert.deepEqual(decodeCursor(encodeCursor({ at: 'a', id: 'b' })), { at: 'a', id: 'b' })
})

test('a folded text fits its column whatever folding does to its length', () => {
  for (const text of ['ﷺ'.repeat(4_000), 'İ'.repeat(4_000), '😀'.repeat(4_000)]) {
    const folded = foldText(text)
    assert.ok([...folded].length <= 4_000)
    assert.ok(folded.isWellFormed())
  }
})
