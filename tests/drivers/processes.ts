// processes: the programs that a suite consists of, or is run by, each bounded in time.
import { spawn } from 'node:child_process'
import type { Outcome, Outcomes } from './suite.ts'

export interface Program {
  readonly file: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutMs: number
}

/** Passed when it ends with zero. */
export function runProgram(program: Program): Promise<Outcome> {
  const { file, args, cwd, environment, timeoutMs } = program
  return new Promise((done) => {
    const child = spawn(file, args, {
      ...{ cwd, timeout: timeoutMs, killSignal: 'SIGKILL' },
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk) => chunks.push(chunk))
    child.stderr.on('data', (chunk) => chunks.push(chunk))
    child.on('error', (error) => done({ isPassed: false, output: error.message }))
    child.on('close', (code) =>
      done({ isPassed: code === 0, output: Buffer.concat(chunks).toString() }),
    )
  })
}

/** One program for each test file, one after the other: they share their tables' names. */
export async function runEach(
  files: readonly string[],
  program: (file: string) => Program,
): Promise<Outcomes> {
  const outcomes = new Map<string, Outcome>()
  for (const file of files) outcomes.set(file, await runProgram(program(file)))
  return outcomes
}
