// What the injection rules find, and what they must let pass: our own statements, and the corpus beside the repository.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { before, test } from 'node:test'
import { inspect } from '@articdbm/firewall'
import { analyze, loadGrammars } from '@articdbm/sql'
import { type Labelled, readCorpus } from '../../bench/src/firewall/corpus.ts'
import { judgeAll, type Row } from '../../bench/src/firewall/measure.ts'

const OWN = join(import.meta.dirname, '../corpus/sql')
const BESIDE = resolve(import.meta.dirname, '../../../shared/corpus/sql')
const skip = existsSync(BESIDE) ? false : 'there is no corpus beside the repository'

before(loadGrammars)

for (const one of readCorpus(OWN)) {
  test(`${one.dialect}: ${one.isInjected ? 'injected' : 'meant'}: ${one.sql}`, () => {
    assert.equal(actionOf(one), one.isInjected ? 'block' : 'allow')
  })
}

function actionOf({ sql, dialect }: Labelled): string {
  return inspect(analyze(sql, dialect)).action
}

/** Of all injected statements of such categories, as many must be blocked by a finding or refused as not understood. */
const DETECTED: readonly (readonly [RegExp, number])[] = [
  [/^(?:union|error|time|stacked|file-os-oob)$/, 0.99],
  [/^boolean$/, 0.95],
  [/^subquery-blind$/, 0.97],
]
const FALSE_BLOCKS = 0.001

test('the corpus: enough is found, and hardly anything blocked by mistake', { skip }, () => {
  const rows = judgeAll(readCorpus(BESIDE))
  for (const [names, least] of DETECTED) {
    const share = shareOf(rows.filter((row) => row.isInjected && names.test(row.category)))
    assert.ok(share >= least, `${names}: ${share}`)
  }
  for (const row of rows.filter(({ isInjected }) => !isInjected)) {
    const share = row.blocked / row.count
    assert.ok(share <= FALSE_BLOCKS, `${row.dialect} ${row.category}: ${row.blocked} blocked`)
  }
})

function shareOf(rows: readonly Row[]): number {
  const sum = (count: (row: Row) => number) => rows.reduce((all, row) => all + count(row), 0)
  return sum(({ blocked, unread }) => blocked + unread) / sum(({ count }) => count)
}
