import { randomUUID } from 'node:crypto'
import { foldKey, type Store } from '../../manager/src/store/index.ts'
import { alike, closeAllAfter, outcomeOf } from './harness.ts'
import { auditRow, userRow } from './rows.ts'

closeAllAfter()

async function keep(store: Store, names: readonly string[]): Promise<readonly string[]> {
  const outcomes: string[] = []
  for (const name of names) {
    const row = userRow({ name: 'x', name_key: name })
    outcomes.push(await outcomeOf(store.db.insertInto('users').values(row).execute()))
  }
  return outcomes
}

const ok = 'ok'
const taken = 'UniqueViolation users_name_key_unique'

alike(
  'keys that differ in case, blanks or accents are different keys',
  (store) => keep(store, ['anna', 'Anna', 'anna ', ' anna', 'änna', 'anna\u0000', 'ANNA', 'anna']),
  [ok, ok, ok, ok, ok, ok, ok, taken],
)

alike(
  'Unicode normal forms are different keys until they are folded',
  (store) => {
    const [composed, decomposed] = ['caf\u00e9', 'cafe\u0301']
    return keep(store, [composed, decomposed, foldKey(`${composed}!`), foldKey(`${decomposed}!`)])
  },
  [ok, ok, ok, taken],
)

const TEXTS = [
  '',
  ' ',
  'trailing  ',
  'a\nb\r\n\tc',
  "quotes ' \" ` \\ \\' %s ? $1 :x",
  'ünïcödé ﬁ İıß 中文 \u202Eright to left',
  '😀👩‍👩‍👧 𐍈',
  '\u0001\u001f\u007f',
  'null',
  '2026-01-31T12:00:00.000Z',
  '{"a":"\\u0000"}',
  '1e400',
  'x'.repeat(200_000),
]

alike(
  'every text comes back as it was written',
  async (store) => {
    const rows = TEXTS.map((sql_text, at) => auditRow({ id: `${at}`.padStart(3, '0'), sql_text }))
    for (const row of rows) await store.db.insertInto('audit_log').values(row).execute()
    const found = await store.db.selectFrom('audit_log').select('sql_text').orderBy('id').execute()
    return found.map(({ sql_text }) => sql_text)
  },
  TEXTS,
)

alike(
  'what no engine can store becomes U+FFFD on each',
  async (store) => {
    const row = auditRow({ sql_text: 'a\0b \ud800c', sql_key: '' })
    await store.db.insertInto('audit_log').values(row).execute()
    const found = await store.db.selectFrom('audit_log').select('sql_text').execute()
    return found.map(({ sql_text }) => sql_text)
  },
  ['a\ufffdb \ufffdc'],
)

alike(
  'an empty text is not a null',
  async (store) => {
    const base = userRow()
    const keys = { empty: '', none: null }
    for (const [name, valid_until] of Object.entries(keys)) {
      await store.db
        .insertInto('users')
        .values({ ...base, id: name, name_key: name, valid_until })
        .execute()
    }
    const users = store.db.selectFrom('users').select(['id', 'valid_until']).orderBy('id')
    const missing = await users.where('valid_until', 'is', null).execute()
    const empty = await users.where('valid_until', '=', '').execute()
    return { missing, empty }
  },
  { missing: [{ id: 'none', valid_until: null }], empty: [{ id: 'empty', valid_until: '' }] },
)

const WHOLES = [
  0,
  -1,
  2 ** 31,
  Number.MAX_SAFE_INTEGER,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
]

alike(
  'whole numbers are exact up to 64 bits: a number where it can be, else a bigint',
  async (store) => {
    for (const [at, value] of WHOLES.entries()) {
      await store.db
        .insertInto('counters')
        .values({ name: `w${at}`, value })
        .execute()
    }
    const query = store.db
      .selectFrom('counters')
      .select(['name', 'value'])
      .where('name', 'like', 'w%')
    const found = await query.orderBy('name').execute()
    await store.db.deleteFrom('counters').where('name', 'like', 'w%').execute()
    return found.map(({ value }) => value)
  },
  WHOLES as (number | bigint)[] as number[],
)

alike(
  'counts and sums are numbers',
  async (store) => {
    const rows = [3, 4, null].map((rows_count) => auditRow({ rows_count, duration_ms: 1.25 }))
    await store.db.insertInto('audit_log').values(rows).execute()
    return store.db
      .selectFrom('audit_log')
      .select(({ fn }) => [
        fn.countAll().as('all'),
        fn.count('rows_count').as('known'),
        fn.sum('rows_count').as('sum'),
        fn.max('rows_count').as('max'),
        fn.avg('duration_ms').as('mean'),
      ])
      .executeTakeFirst() as Promise<unknown>
  },
  { all: 3, known: 2, sum: 7, max: 4, mean: 1.25 },
)

alike(
  'booleans are booleans, to write, to read and to ask for',
  async (store) => {
    for (const is_active of [true, false]) {
      await store.db
        .insertInto('users')
        .values(userRow({ name_key: `${is_active}`, is_active }))
        .execute()
    }
    const query = store.db
      .selectFrom('users')
      .select(['name_key', 'is_active', 'must_change_password'])
    return query.where('is_active', '=', true).execute()
  },
  [{ name_key: 'true', is_active: true, must_change_password: false }],
)

const REALS = [0, 0.1, -1.5, 1e-9, 1 / 3, 123_456.789, 1e15]

alike(
  'measured times keep every digit',
  async (store) => {
    const rows = REALS.map((duration_ms, at) => auditRow({ id: `${at}`, duration_ms }))
    await store.db.insertInto('audit_log').values(rows).execute()
    const found = await store.db
      .selectFrom('audit_log')
      .select('duration_ms')
      .orderBy('id')
      .execute()
    return found.map(({ duration_ms }) => duration_ms)
  },
  REALS,
)

const DOCUMENT = {
  a: [1, 2.5, null, true, { b: 'ü"\\' }],
  empty: {},
  big: '9007199254740993',
  z: 'last',
  y: 0,
}

alike(
  'JSON comes back byte for byte, its keys in their order',
  async (store) => {
    const row = { name: 'document', value: JSON.stringify(DOCUMENT) }
    await store.db.insertInto('settings').values(row).execute()
    const found = await store.db.selectFrom('settings').select('value').execute()
    return found.map(({ value }) => value)
  },
  [JSON.stringify(DOCUMENT)],
)

alike(
  'an instant is the same instant whatever the time zone of the server or of this process',
  async (store) => {
    const at = new Date(Date.UTC(2026, 2, 29, 1, 30, 0, 7)).toISOString() // inside a change to summer time
    const before = process.env.TZ
    process.env.TZ = 'America/St_Johns'
    try {
      await store.db.insertInto('audit_log').values(auditRow({ at })).execute()
      const query = store.db.selectFrom('audit_log').select('at')
      return await query.where('at', '=', at).where('at', '<', '2026-03-29T01:30:00.008Z').execute()
    } finally {
      if (before === undefined) delete process.env.TZ
      else process.env.TZ = before
    }
  },
  [{ at: '2026-03-29T01:30:00.007Z' }],
)

const tooLong = 'ValueTooLong'

alike(
  'a value longer than its column is refused, blanks and wide characters counted as characters',
  async (store) => {
    const attempts = ['x'.repeat(128), 'x'.repeat(129), `x${' '.repeat(128)}`, ' '.repeat(5_000)]
    const wide = ['😀'.repeat(128), '😀'.repeat(129), 'ü'.repeat(128)]
    return keep(store, [...attempts, ...wide])
  },
  [ok, tooLong, tooLong, tooLong, ok, tooLong, ok],
)

alike(
  'a number outside its column is refused',
  async (store) => {
    const tries = [2n ** 63n, -(2n ** 63n) - 1n, 2n ** 64n]
    const outcomes: string[] = []
    for (const value of tries) {
      const row = { name: randomUUID(), value }
      outcomes.push(await outcomeOf(store.db.insertInto('counters').values(row).execute()))
    }
    return outcomes
  },
  [tooLong, tooLong, tooLong],
)

alike('what is no column value is refused before an engine may guess', async (store) => {
  const strange = [new Date(0), Number.NaN, Number.POSITIVE_INFINITY, { a: 1 }, ['x']]
  const outcomes: string[] = []
  for (const value of strange) {
    const row = { name: 'strange', value: value as never }
    outcomes.push(await outcomeOf(store.db.insertInto('settings').values(row).execute()))
  }
  return outcomes
})
