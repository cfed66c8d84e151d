// `make test`: installs what is missing, starts private servers, runs every test, cleans up.
// Flags: --unit (only the tests beside the code; no servers), --only <part of a path>, --minutes <time limit>.
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  chromiumPath,
  ensurePackages,
  PackagesMissing,
  TEST_NEEDS,
} from '../scripts/install/debian.ts'
import { type Outcome, runFiles } from './support/runner/run-files.ts'
import { startServers } from './support/runner/servers.ts'

const TIME_LIMIT_MINUTES = '40'
const CONCURRENCY = 2

const OPTIONS = {
  unit: { type: 'boolean' },
  only: { type: 'string' },
  minutes: { type: 'string', default: TIME_LIMIT_MINUTES },
} as const

const BESIDE_THE_CODE = ['core', 'gateway', 'manager', 'webui', 'cli', 'bench']

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS })
  const isUnit = values.unit === true
  const files = testFiles(isUnit ? BESIDE_THE_CODE : [...BESIDE_THE_CODE, 'tests'], values.only)
  process.chdir(resolve(import.meta.dirname, '..'))
  await using servers = isUnit ? undefined : await prepareServers()
  const outcome = await runFiles(files, {
    concurrency: CONCURRENCY,
    timeLimitMs: Number(values.minutes) * 60_000,
    environment: servers?.environment ?? {},
  })
  await servers?.[Symbol.asyncDispose]()
  conclude(outcome)
}

async function prepareServers() {
  ensurePackages(TEST_NEEDS, (line) => console.log(line))
  return startServers(chromiumPath(), (line) => console.log(line))
}

function testFiles(folders: readonly string[], only: string | undefined): readonly string[] {
  const cwd = resolve(import.meta.dirname, '..')
  const exclude = ['**/node_modules/**', '**/dist/**']
  return globSync(`{${folders.join(',')}}/**/*.test.ts`, { cwd, exclude })
    .filter((path) => only === undefined || path.includes(only))
    .sort()
}

function conclude({ passed, failed, skipped }: Outcome): void {
  const isNothing = passed + failed === 0
  if (isNothing) console.log('no test ran')
  process.exitCode = failed > 0 || isNothing ? 1 : 0
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
}

main().catch((fault: unknown) => {
  console.error(fault instanceof PackagesMissing ? fault.message : fault)
  console.log('0 passed, 1 failed')
  process.exitCode = 1
})
