import type { Labelled } from './corpus.ts'
import { judgeTraffic, type LearntRow } from './learning.ts'
import { judgeHalves, judgePages } from './learning-corpus.ts'

/** Prints what is blocked with learning on. */
export function reportLearning(corpus: readonly Labelled[]): void {
  console.log('\nWith learning on half of the statements of made up applications')
  console.log(
    '  application  learnt  novelty, of structure  blocked by mistake  injections blocked  mimics blocked',
  )
  for (const row of judgeTraffic(corpus)) console.log(lineOf(row))
  console.log('\nWith learning on half of each source of the corpus')
  console.log(
    '  dialect   category              sources  judged  strange  blocked  not in a list of digests',
  )
  for (const row of judgeHalves(corpus)) {
    const counts = [row.sources, row.judged, row.strange, row.blocked, row.unlisted]
    const cells = counts.map((count) => `${count}`.padStart(8)).join(' ')
    console.log(`  ${row.dialect.padEnd(9)} ${row.category.padEnd(20)} ${cells}`)
  }
  console.log('\nWith learning of the pages that are injected into')
  console.log(
    '  dialect   category              injected  blocked  by learning alone  same digest as one of theirs',
  )
  for (const row of judgePages(corpus)) {
    const counts = [row.injected, row.blocked, row.strange, row.same]
    const cells = counts.map((count) => `${count}`.padStart(8)).join(' ')
    console.log(`  ${row.dialect.padEnd(9)} ${row.category.padEnd(20)} ${cells}`)
    for (const text of row.missed) console.log(`    passed: ${text}`)
  }
}

function lineOf(row: LearntRow): string {
  const { application, learnt, novelty, falselyBlocked, benign, injected, blocked } = row
  return [
    `  ${application.padEnd(11)} ${`${learnt}`.padStart(7)} ${novelty.toFixed(5).padStart(8)} ${row.structureNovelty.toFixed(5).padStart(8)}`,
    shareOf(falselyBlocked, benign),
    shareOf(blocked, injected),
    shareOf(row.mimicsBlocked, row.mimics),
  ].join('  ')
}

function shareOf(part: number, whole: number): string {
  const share = whole === 0 ? 0 : (100 * part) / whole
  return `${part}/${whole} ${share.toFixed(2)} %`.padStart(20)
}
