// `make bench`: installs the peers, starts private servers, measures row after row, and reports.
// Flags: --only <row,row>, --rounds, --seconds (a run), --gigabytes (the slow reader's result).
import { chmodSync } from 'node:fs'
import { BENCH_NEEDS, ensurePackages, PackagesMissing } from '../../scripts/install/debian.ts'
import { scratchDirectory } from '../../tests/support/servers/child.ts'
import { Bed } from './bed.ts'
import { endAllOnExit } from './endings.ts'
import { readOptions } from './options.ts'
import { report } from './report/report.ts'
import { measureRow, type Outcome } from './rows/measure-row.ts'
import { ROWS } from './rows/rows.ts'

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  ensurePackages(BENCH_NEEDS, say)
  await using bed = new Bed(temporaryDirectory())
  const outcomes: Outcome[] = []
  for (const row of ROWS.filter(({ name }) => options.only.includes(name))) {
    say(`\n${row.name}: ${row.title}`)
    const outcome = await measureRow(row, { bed, options, say })
    if (outcome.failure !== '') say(`${row.name} could not be measured: ${outcome.failure}`)
    outcomes.push(outcome)
  }
  report(outcomes, options, say)
}

/** For everything that is started here: it ends with this process. */
function temporaryDirectory(): string {
  const directory = scratchDirectory('bench')
  chmodSync(directory, 0o711) // servers run as accounts of their own and must get through
  process.env.TMPDIR = directory
  endAllOnExit(directory)
  return directory
}

function say(line: string): void {
  console.log(line)
}

main().catch((fault: unknown) => {
  console.error(fault instanceof PackagesMissing ? fault.message : fault)
  process.exitCode = 1
})
