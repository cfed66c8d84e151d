// The last pg-cursor that was published with its tests, which are run with the present pg and pg-cursor.
import { globSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchNpm } from '../fetch.ts'
import { runProgram } from '../processes.ts'
import type { Outcome, Outcomes, Suite, Target } from '../suite.ts'
import { environmentFor } from './environment.ts'

const DATABASE = 'cursors'
// Mocha by another name, because the package has it among what npm is told to leave out.
const PRESENT = ['pg@8', 'present@npm:pg-cursor@2', 'runner@npm:mocha@11']

export const PG_CURSOR: Suite = {
  name: 'pg-cursor',
  engine: 'postgres',
  databases: [DATABASE],
  fetch: async (cache) => {
    const directory = await fetchNpm(cache, 'pg-cursor@2.12.0', PRESENT)
    await writeFile(join(directory, 'index.js'), "module.exports = require('present')\n")
    return directory
  },
  run,
  differences: {},
}

async function run(directory: string, target: Target): Promise<Outcomes> {
  const mocha = join('node_modules', 'runner', 'bin', 'mocha.js')
  const files = globSync('test/*.js', { cwd: directory }).sort()
  const { output } = await runProgram({
    file: process.execPath,
    args: [mocha, '--exit', '--timeout', '20000', '--reporter', 'json', ...files],
    cwd: directory,
    environment: environmentFor(target, DATABASE),
    timeoutMs: 120_000,
  })
  return outcomesOf(output)
}

interface MochaTest {
  readonly fullTitle: string
  readonly err: { readonly message?: string }
}

function outcomesOf(output: string): Outcomes {
  const report = output.match(/^\{$.*^\}$/ms)?.[0]
  if (report === undefined) return new Map()
  const { tests } = JSON.parse(report) as { readonly tests: readonly MochaTest[] }
  const outcome = ({ err }: MochaTest): Outcome => ({
    isPassed: err.message === undefined,
    output: err.message ?? '',
  })
  return new Map(tests.map((test) => [test.fullTitle, outcome(test)]))
}
