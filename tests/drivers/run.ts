// `make drivers`: drivers' own test suites, directly on a server and through the door before it, compared test by test.
// Flags: --only <part of a suite's name>, --verbose (what the differing tests printed).
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { DRIVER_NEEDS, ensurePackages } from '../../scripts/install/debian.ts'
import { MYSQL_SUITES } from './mysql/index.ts'
import { POSTGRES_SUITES } from './postgres/index.ts'
import { openStand } from './stand.ts'
import { type Comparison, compare, type Outcomes, type Suite } from './suite.ts'

const CACHE = resolve(import.meta.dirname, '../../.articdbm/drivers')
const SUITES: readonly Suite[] = [...MYSQL_SUITES, ...POSTGRES_SUITES]
const OPTIONS = { only: { type: 'string', default: '' }, verbose: { type: 'boolean' } } as const

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS })
  ensurePackages(DRIVER_NEEDS, (line) => console.log(line))
  const suites = SUITES.filter(({ name }) => name.includes(values.only))
  let failed = 0
  for (const suite of suites) failed += await runSuite(suite, values.verbose ?? false)
  console.log(`${suites.length - failed} passed, ${failed} failed`)
  process.exitCode = failed > 0 || suites.length === 0 ? 1 : 0
}

/** One when something differs without a reason, zero otherwise. */
async function runSuite(suite: Suite, isVerbose: boolean): Promise<0 | 1> {
  const directory = await suite.fetch(CACHE)
  await using stand = await openStand(suite)
  const direct = await suite.run(directory, stand.direct)
  const door = await suite.run(directory, stand.door)
  const comparison = compare(suite, direct, door)
  report(suite, comparison)
  if (isVerbose) showOutput([...comparison.unexplained, ...comparison.explained], door)
  const isEmpty = comparison.passedBoth === 0
  return comparison.unexplained.length + comparison.outdated.length > 0 || isEmpty ? 1 : 0
}

function report(suite: Suite, comparison: Comparison): void {
  const { passedBoth, failedBoth, explained, unexplained, outdated } = comparison
  console.log(`${suite.name}: ${passedBoth} pass on both, ${failedBoth} fail on both`)
  for (const name of explained) console.log(`  differs: ${name}: ${suite.differences[name]}`)
  for (const name of unexplained) console.log(`  DIFFERS WITHOUT A REASON: ${name}`)
  for (const name of outdated) console.log(`  NO LONGER DIFFERS: ${name}`)
}

function showOutput(names: readonly string[], outcomes: Outcomes): void {
  for (const name of names) console.log(`--- ${name}\n${outcomes.get(name)?.output ?? 'never ran'}`)
}

await main()
