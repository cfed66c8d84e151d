import { assignments } from './assignments.ts'
import { alias, nameList, tableName } from './names.ts'
import { isQueryAhead } from './parentheses.ts'
import { row } from './query.ts'
import type { Reader } from './reader.ts'
import { returning } from './returning.ts'
import { wordSet } from './words.ts'

const OPTIONS = wordSet('low_priority delayed high_priority ignore into')

/** INSERT and REPLACE, which differ in their first word only. */
export function insert(reader: Reader): void {
  reader.found.kind = reader.key
  reader.next()
  reader.skipAny(OPTIONS)
  const table = tableName(reader)
  reader.found.effects.add('write')
  reader.found.write(table)
  if (reader.accept('partition')) nameList(reader)
  content(reader)
  if (reader.key === 'as') rowAlias(reader)
  if (reader.acceptPhrase('on', 'duplicate', 'key', 'update')) assignments(reader)
  returning(reader, [table])
}

function content(reader: Reader): void {
  if (reader.key === '(' && !isQueryInside(reader)) nameList(reader)
  if (reader.accept('set')) assignments(reader)
  else if (reader.key === '(' || isQueryAhead(reader)) reader.rules.query(reader)
  else if (reader.accept('values') || reader.accept('value')) reader.list(row)
  else reader.fail('expected VALUES, SET or a query')
}

/** `INSERT INTO t (SELECT …)`, `INSERT INTO t ((SELECT …) UNION …)`: no list of columns. */
function isQueryInside(reader: Reader): boolean {
  let distance = 1
  while (reader.keyAfter(distance) === '(') distance++
  const word = reader.keyAfter(distance)
  return word === 'select' || word === 'with' || word === 'table' || word === 'values'
}

/** MySQL: `VALUES (1, 2) AS new (a, b) ON DUPLICATE KEY UPDATE x = new.a` */
function rowAlias(reader: Reader): void {
  alias(reader)
  nameList(reader)
}
