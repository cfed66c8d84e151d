import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Column } from '@articdbm/contract'
import { csvOf, jsonOf, lineOf, rowText, textOf } from './cell.ts'

const column = (name: string): Column => ({ name, type: 'text', kind: 'text' })

test('NULL and the empty text differ in a CSV file', () => {
  assert.equal(csvOf([column('a'), column('b')], [[null, '']]), 'a,b\r\n,""\r\n')
})

test('a comma, a quote and a new line are quoted in a CSV file', () => {
  assert.equal(csvOf([column('x,y')], [['a"b'], ['c\nd']]), '"x,y"\r\n"a""b"\r\n"c\nd"\r\n')
})

test('a big integer leaves every way exactly as it came', () => {
  const big = '9223372036854775807'
  assert.equal(lineOf(big), big)
  assert.equal(textOf(big), big)
  assert.match(jsonOf([column('n')], [[big]]), /"n": "9223372036854775807"/)
})

test('two columns of one name both stay in a JSON file', () => {
  const file = JSON.parse(jsonOf([column('n'), column('n')], [['1', '2']]))
  assert.deepEqual(file, { columns: ['n', 'n'], rows: [['1', '2']] })
})

test('bytes are shown as hexadecimal, and cut only in the grid', () => {
  const base64 = btoa('\x00\xff'.repeat(40))
  assert.equal(textOf({ base64 }), `0x${'00ff'.repeat(40)}`)
  assert.equal(lineOf({ base64 }), `0x${'00ff'.repeat(24)}…`)
})

test('a copied row has one tab between cells whatever is in them', () => {
  assert.equal(rowText(['a\tb', null, 3]), 'a b\tNULL\t3')
})
