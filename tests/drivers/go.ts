// Suites of Go's drivers: the packages that Debian has for building with them bring their tests along.
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from './processes.ts'
import type { Outcome, Outcomes } from './suite.ts'

const SOURCES = '/usr/share/gocode'
const COMPILE_TIMEOUT_MS = 300_000
const RUN_TIMEOUT_MS = 420_000

/** Compiles the tests of `importPath`; returns the directory that has them as `tests`. */
export async function compileTests(cache: string, importPath: string): Promise<string> {
  const directory = join(cache, importPath.replaceAll('/', '-'))
  const file = join(directory, 'tests')
  if (existsSync(file)) return directory
  await mkdir(directory, { recursive: true })
  const { isPassed, output } = await runProgram({
    file: 'go',
    args: ['test', '-c', '-o', file, '.'],
    cwd: sourcesOf(importPath),
    environment: { GO111MODULE: 'off', GOPATH: SOURCES, GOCACHE: join(cache, 'go-build') },
    timeoutMs: COMPILE_TIMEOUT_MS,
  })
  if (!isPassed) throw new Error(`the tests of ${importPath} can't be compiled:\n${output}`)
  return directory
}

/** By the names of tests and subtests; one that was skipped has no outcome. */
export async function runTests(
  directory: string,
  importPath: string,
  environment: Readonly<Record<string, string>>,
): Promise<Outcomes> {
  const { output } = await runProgram({
    file: join(directory, 'tests'),
    args: ['-test.v', '-test.parallel', '2'],
    cwd: sourcesOf(importPath),
    environment,
    timeoutMs: RUN_TIMEOUT_MS,
  })
  return outcomesOf(output)
}

function sourcesOf(importPath: string): string {
  return join(SOURCES, 'src', importPath)
}

const ENDED = /^\s*--- (PASS|FAIL): (\S+) .*$/

/** What a test says stands before its outcome. */
function outcomesOf(output: string): Outcomes {
  const outcomes = new Map<string, Outcome>()
  let said: string[] = []
  for (const line of output.split('\n')) {
    const [, word, name] = line.match(ENDED) ?? []
    if (name === undefined) {
      said.push(line)
      continue
    }
    outcomes.set(name, { isPassed: word === 'PASS', output: said.slice(-20).join('\n') })
    said = []
  }
  return outcomes
}
