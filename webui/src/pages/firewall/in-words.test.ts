import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RuleConditions } from '@articdbm/contract'
import { conditionsInWords, daysInWords } from './in-words.ts'

const HOURS = { is: 'outside', days: [5, 1, 2, 3, 4], from: '08:00', until: '18:00' } as const

const CASES: readonly (readonly [RuleConditions, string])[] = [
  [{}, ''],
  [{ access: 'read' }, 'reading a table'],
  [{ access: 'write' }, 'writing to a table'],
  [{ tables: ['orders'] }, 'orders'],
  [{ access: 'read', tables: ['orders', 'sales.*'] }, 'reads of orders, sales.*'],
  [{ tables: ['a', 'b', 'c', 'd', 'e'] }, 'a, b, c and 2 more'],
  [{ effects: ['write', 'define'] }, 'writes, definitions'],
  [{ tables: ['people'], columns: ['email'] }, 'people, naming email'],
  [{ functions: ['pg_read_file'] }, 'calls of pg_read_file'],
  [{ digests: ['0123456789abcdef'] }, 'digest 0123456789abcdef'],
  [{ pattern: 'a.*b' }, 'text like a.*b'],
  [{ users: ['ada'], roles: ['viewer'] }, 'by ada, by viewer'],
  [{ applications: ['Metabase*'], addresses: ['10.0.0.0/8'] }, 'from Metabase*, from 10.0.0.0/8'],
  [{ doors: ['postgres', 'console'] }, 'through PostgreSQL wire, Console'],
  [
    { hours: { ...HOURS, days: [...HOURS.days], timeZone: 'Europe/Vienna' } },
    'outside Mon–Fri 08:00–18:00 (Europe/Vienna)',
  ],
]

for (const [conditions, words] of CASES) {
  test(`${JSON.stringify(conditions)} is “${words}”`, () => {
    assert.equal(conditionsInWords(conditions), words)
  })
}

test('days that follow each other are a row, in whatever order they come', () => {
  for (const [days, words] of [
    [[1], 'Mon'],
    [[6, 7], 'Sat, Sun'],
    [[3, 1, 2], 'Mon–Wed'],
    [[1, 3, 5], 'Mon, Wed, Fri'],
    [[1, 2, 3, 4, 5, 6, 7], 'Mon–Sun'],
  ] as const) {
    assert.equal(daysInWords(days), words)
  }
})
