import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { replaceBetweenMarkers } from './page.ts'

const PAGE = join(import.meta.dirname, '../../../docs/BENCHMARKS.md')

test('only what stands between the markers is replaced, and again', () => {
  const page = readFileSync(PAGE, 'utf8')
  const once = replaceBetweenMarkers(page, 'first')
  const twice = replaceBetweenMarkers(once, '\nsecond\n')
  assert.match(once, /begin -->\n\nfirst\n\n<!--/)
  assert.equal(twice, once.replace('\nfirst\n', '\nsecond\n'))
  assert.ok(page.startsWith(once.slice(0, once.indexOf('first'))))
})

test('a page without markers is left alone', () => {
  assert.throws(() => replaceBetweenMarkers('# Benchmarks', 'made'), /no markers/)
})
