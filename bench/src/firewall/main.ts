// `make bench-firewall`: what the injection rules find and what they block by mistake, and how long they take.
// Reads our own statements and, where it is there, a corpus beside the repository, or a directory that is named.
import { join, resolve } from 'node:path'
import { loadGrammars } from '@articdbm/sql'
import { readCorpus } from './corpus.ts'
import {
  hostileTimes,
  judgeAll,
  type Row,
  type Speed,
  speedOfKnown,
  speedOfNew,
} from './measure.ts'
import { reportLearning } from './report-learning.ts'

const HOME = resolve(import.meta.dirname, '../../..')
const OWN = join(HOME, 'tests/corpus/sql')
const BESIDE = resolve(HOME, '../shared/corpus/sql')

async function main(): Promise<void> {
  await loadGrammars()
  const [named] = process.argv.slice(2)
  for (const directory of named === undefined ? [OWN, BESIDE] : [named]) report(directory)
  reportLearning(readCorpus(named ?? BESIDE))
  console.log('\nHostile texts, ms')
  for (const { name, ms } of hostileTimes()) {
    const times = Object.entries(ms).map(([dialect, time]) => `${dialect} ${time.toFixed(1)}`)
    console.log(`  ${name.padEnd(22)} ${times.join('  ')}`)
  }
}

function report(directory: string): void {
  const corpus = readCorpus(directory)
  console.log(`\n${directory}: ${corpus.length} statements`)
  if (corpus.length === 0) return
  console.log(
    '  dialect   label     category               count  blocked       %  alerts  not understood',
  )
  for (const row of judgeAll(corpus)) console.log(lineOf(row))
  for (const dialect of new Set(corpus.map((one) => one.dialect))) {
    const own = corpus.filter((one) => one.dialect === dialect)
    console.log(
      `  ${dialect}: a new shape ${told(speedOfNew(own))}, a known one ${told(speedOfKnown(own))}`,
    )
  }
}

function lineOf({ dialect, isInjected, category, count, blocked, alerted, unread }: Row): string {
  const label = isInjected ? 'injected' : 'benign'
  const share = ((100 * blocked) / count).toFixed(2)
  const cells = [dialect.padEnd(9), label.padEnd(9), category.padEnd(22), `${count}`.padStart(5)]
  return `  ${[...cells, `${blocked}`.padStart(8), share.padStart(7), `${alerted}`.padStart(7), `${unread}`.padStart(7)].join(' ')}`
}

function told({ median, p99 }: Speed): string {
  return `${median.toFixed(1)} µs (p99 ${p99.toFixed(0)} µs)`
}

await main()
