import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isTooDeep } from './json.ts'

const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`

describe('levels of JSON', () => {
  test('as many as the product needs', () => {
    assert.equal(isTooDeep(deep(64)), false)
    assert.equal(isTooDeep(deep(65)), true)
    assert.equal(isTooDeep('{"a":'.repeat(70)), true)
  })
  test('side by side they count once', () => {
    assert.equal(isTooDeep(`[${Array(1_000).fill('{}').join()}]`), false)
  })
  test('in a string they are text', () => {
    assert.equal(isTooDeep(JSON.stringify({ sql: deep(100) })), false)
    assert.equal(isTooDeep(JSON.stringify({ sql: `\\"${deep(100)}\\` })), false)
    assert.equal(isTooDeep(`"\\\\" ${deep(100)}`), true)
    assert.equal(isTooDeep('"'.concat(deep(100))), false)
  })
})
