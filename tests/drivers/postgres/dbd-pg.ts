// Perl's DBD::Pg as Debian has its source: a TAP program a file.
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { fetchDebian } from '../fetch.ts'
import { type Program, runEach, runProgram } from '../processes.ts'
import type { Outcome, Outcomes, Suite, Target } from '../suite.ts'
import { environmentFor } from './environment.ts'

const DATABASE = 'dbdpg'
const FILE_TIMEOUT_MS = 180_000
const STRINGS = 'SET standard_conforming_strings = off is refused, and this file ends there'

/** Files that end early through the door, and their last test before that; what follows can't be compared. */
const ENDS_AFTER: Readonly<Record<string, number>> = {
  't/02attribs.t': 54,
  't/12placeholders.t': 140,
}

export const DBD_PG: Suite = {
  name: 'dbd-pg',
  engine: 'postgres',
  databases: [DATABASE],
  fetch: async (cache) => {
    const directory = await fetchDebian(cache, 'libdbd-pg-perl')
    await build(directory)
    return directory
  },
  run,
  differences: {
    't/02attribs.t 37': 'pg_prepared_statements: a backend keeps a statement for its next session',
    't/02attribs.t goes to its end': STRINGS,
    't/12placeholders.t goes to its end': STRINGS,
  },
}

async function build(directory: string): Promise<void> {
  if (existsSync(join(directory, 'blib'))) return
  const step = (file: string, args: readonly string[]) =>
    runProgram({ file, args, cwd: directory, environment: {}, timeoutMs: 300_000 })
  await step('perl', ['Makefile.PL'])
  const { isPassed, output } = await step('make', [])
  if (!isPassed) throw new Error(`DBD::Pg needs libdbi-perl, libpq-dev and gcc:\n${output}`)
}

async function run(directory: string, target: Target): Promise<Outcomes> {
  const files = globSync('t/*.t', { cwd: directory }).sort()
  const outcomes = await runEach(files, (file) => program(directory, file, target))
  return new Map([...outcomes].flatMap(([file, outcome]) => testsOf(file, outcome)))
}

function program(cwd: string, file: string, target: Target): Program {
  return {
    file: 'perl',
    args: ['-Mblib', file],
    cwd,
    environment: {
      ...environmentFor(target, DATABASE),
      DBI_DSN: `dbi:Pg:dbname=${DATABASE};host=${target.host};port=${target.port}`,
      DBI_USER: target.user,
      DBI_PASS: target.password,
    },
    timeoutMs: FILE_TIMEOUT_MS,
  }
}

function testsOf(file: string, { isPassed, output }: Outcome): readonly [string, Outcome][] {
  const last = ENDS_AFTER[file] ?? Number.POSITIVE_INFINITY
  // By number: some titles tell the port.
  const tests = [...output.matchAll(/^(not )?ok (\d+)\b.*$/gm)]
    .filter(([, , at]) => Number(at) <= last)
    .map(([line, not, at]): [string, Outcome] => [
      `${file} ${at}`,
      { isPassed: not === undefined, output: line },
    ])
  return [...tests, [`${file} goes to its end`, { isPassed, output }]]
}
