import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { analyze, loadGrammars } from '@articdbm/sql'
import { readAll } from './tree/read.ts'
import { findUnions } from './union.ts'

before(loadGrammars)

const why = (text: string) =>
  readAll(analyze(text, 'postgres'))
    .flatMap(findUnions)
    .filter(({ confidence }) => confidence >= 80)
    .map((finding) => finding.why)

test('the catalog united with itself is a tool at work', () => {
  const text = `SELECT pubname, NULL FROM pg_catalog.pg_publication p
    UNION SELECT pubname, NULL FROM pg_catalog.pg_publication p JOIN pg_catalog.pg_class c ON true`
  assert.deepEqual(why(text), [])
})

test('a driver that walks up the types by recursion is a tool at work', () => {
  const text = `WITH RECURSIVE tree(oid, depth) AS (
      SELECT typbasetype, 0 FROM pg_type WHERE oid = $1
      UNION ALL
      SELECT t.typbasetype, depth + 1 FROM pg_catalog.pg_type t, tree WHERE tree.oid = t.oid)
    SELECT oid FROM tree`
  assert.deepEqual(why(text), [])
})

for (const text of [
  'SELECT id FROM orders UNION SELECT oid FROM pg_class',
  'SELECT id FROM orders WHERE id IN (SELECT 1 FROM pg_class) UNION SELECT oid FROM pg_class',
  'SELECT oid FROM pg_class UNION SELECT id FROM orders UNION SELECT oid FROM pg_class',
  'SELECT oid FROM pg_class UNION SELECT usesysid FROM pg_shadow',
  "SELECT 'x' UNION SELECT relname FROM pg_class",
  'SELECT 1 FROM pg_class; SELECT id FROM orders UNION SELECT oid FROM pg_class',
]) {
  test(`the catalog united with something else is injection: ${text}`, () => {
    assert.ok(why(text).includes('UNION reads the database catalog'))
  })
}
