import { run } from 'node:test'
import { type Failure, presentFailure } from './failure.ts'
import { signalOwnChildren } from './own-children.ts'

export interface Outcome {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export interface RunOptions {
  readonly concurrency: number
  readonly timeLimitMs: number
  readonly environment: Readonly<Record<string, string>>
}

/** Runs each file in a process of its own and tells of it when it has ended. */
export async function runFiles(files: readonly string[], options: RunOptions): Promise<Outcome> {
  if (files.length === 0) return { passed: 0, failed: 0, skipped: 0 }
  Object.assign(process.env, options.environment)
  // A run that is interrupted takes its test processes along; each ends the servers it started itself.
  process.once('exit', () => signalOwnChildren('SIGTERM'))
  const limit = AbortSignal.timeout(options.timeLimitMs)
  const tally = new Tally(files)
  limit.addEventListener('abort', () => tally.reportHanging(options.timeLimitMs))
  const { concurrency } = options
  const stream = run({ files: [...files], concurrency, signal: limit, isolation: 'process' })
  stream.on('test:dequeue', ({ name }) => tally.started(name))
  stream.on('test:complete', ({ name }) => tally.completed(name))
  stream.on('test:fail', (event) => tally.failed(event))
  stream.on('test:stderr', ({ message }) => process.stderr.write(message))
  stream.on('test:summary', (summary) => tally.ended(summary))
  for await (const _event of stream) {
    // The listeners above see every event; reading the stream makes it flow.
  }
  return tally.outcome()
}

interface Summary {
  readonly file: string | undefined
  readonly success: boolean
  readonly duration_ms: number
  readonly counts: Counts
}

interface Counts {
  readonly passed: number
  readonly cancelled: number
  readonly skipped: number
  readonly tests: number
  readonly todo: number
}

/** Counts by file: Node's own total takes a file that ends without having run a test for a test that passed. */
class Tally {
  readonly #waiting: Set<string>
  readonly #under = new Set<string>()
  readonly #crashed = new Set<string>()
  readonly #outcomes = new Map<string, Outcome>()

  constructor(files: readonly string[]) {
    this.#waiting = new Set(files)
  }

  started(file: string): void {
    if (this.#waiting.has(file)) this.#under.add(file)
  }

  completed(file: string): void {
    this.#under.delete(file)
  }

  failed(failure: Failure): void {
    if (this.#waiting.has(failure.name)) this.#crashed.add(failure.name)
    const text = presentFailure(failure)
    if (text !== undefined) console.log(text)
  }

  ended({ file, success, duration_ms, counts }: Summary): void {
    if (file === undefined) return
    const name = file.replace(`${process.cwd()}/`, '')
    const { passed } = counts
    const skipped = counts.skipped + counts.todo
    const failed = counts.tests - passed - skipped
    const outcome = { passed, failed: success ? failed : Math.max(failed, 1), skipped }
    this.#outcomes.set(name, outcome)
    console.log(`${presentLine(name, outcome)}  ${(duration_ms / 1000).toFixed(1)} s`)
  }

  reportHanging(limitMs: number): void {
    console.log(`the run took longer than ${limitMs / 60_000} minutes; under way were:`)
    for (const file of this.#under) console.log(`  ${file}`)
  }

  /** A file that ended badly, or was never reported on, did not pass. */
  outcome(): Outcome {
    for (const file of this.#waiting) this.#judge(file)
    const outcomes = [...this.#outcomes.values()]
    const sum = (count: (outcome: Outcome) => number): number =>
      outcomes.reduce((total, outcome) => total + count(outcome), 0)
    return {
      passed: sum(({ passed }) => passed),
      failed: sum(({ failed }) => failed),
      skipped: sum(({ skipped }) => skipped),
    }
  }

  #judge(file: string): void {
    const outcome = this.#outcomes.get(file)
    if (outcome && (outcome.failed > 0 || !this.#crashed.has(file))) return
    const { passed, skipped } = outcome ?? { passed: 0, skipped: 0 }
    this.#outcomes.set(file, { passed, failed: 1, skipped })
    console.log(`FAIL ${file}  ${outcome ? 'failed after its tests' : 'ended without a result'}`)
  }
}

function presentLine(name: string, { passed, failed, skipped }: Outcome): string {
  const parts = [`${passed} passed`, `${failed} failed`]
  if (skipped > 0) parts.push(`${skipped} skipped`)
  return `${failed > 0 ? 'FAIL' : 'ok  '} ${name}  ${parts.join(', ')}`
}
