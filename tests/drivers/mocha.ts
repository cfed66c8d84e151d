// Suites that mocha runs.
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from './processes.ts'
import type { Outcome, Outcomes } from './suite.ts'

/** All of the directory's `test/*.js` in one process, by their full titles. `runner`: the package that is mocha. */
export async function runMocha(
  directory: string,
  runner: string,
  environment: Readonly<Record<string, string>>,
): Promise<Outcomes> {
  const mocha = join('node_modules', runner, 'bin', 'mocha.js')
  const files = globSync('test/*.js', { cwd: directory }).sort()
  const { output } = await runProgram({
    file: process.execPath,
    args: [mocha, '--exit', '--timeout', '20000', '--reporter', 'json', ...files],
    cwd: directory,
    environment,
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
