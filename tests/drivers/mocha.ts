// Suites that mocha runs.
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from './processes.ts'
import type { Outcome, Outcomes } from './suite.ts'

/** Mocha by another name, because some packages have it among what npm is told to leave out. */
export const MOCHA = 'runner@npm:mocha@11'

/** All of the directory's `test/*.js` in one process, by their full titles. */
export async function runMocha(
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<Outcomes> {
  const mocha = join('node_modules', 'runner', 'bin', 'mocha.js')
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
