import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { engineLost } from './error.ts'
import type { Answer, Question } from './messages.ts'

const PROGRAM = fileURLToPath(new URL('./engine-process.ts', import.meta.url))
const FAREWELL_MS = 2_000

interface Waiting {
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** An engine's process as the gateway sees it: one question at a time. */
export class EngineClient {
  readonly #child: ChildProcess
  readonly exited: Promise<void>
  readonly #ready: Promise<unknown>
  #waiting: Waiting | undefined
  #isGone = false

  constructor(maxBytes: number) {
    this.#child = fork(PROGRAM, [String(maxBytes)], {
      serialization: 'advanced',
      env: {}, // the gateway's secrets are none of its business
      execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    this.exited = new Promise((resolve) => this.#child.once('exit', () => resolve()))
    this.#child.on('message', (answer: Answer) => this.#settle(({ resolve }) => resolve(answer)))
    this.#child.once('error', () => this.#lose())
    this.#child.once('exit', () => this.#lose())
    this.#ready = this.#wait()
    this.#ready.catch(() => {})
  }

  get isGone(): boolean {
    return this.#isGone
  }

  async ready(): Promise<void> {
    await this.#ready
  }

  ask(question: Question): Promise<Answer> {
    if (this.#isGone) return Promise.reject(engineLost())
    const answer = this.#wait()
    this.#child.send(question, (error) => {
      if (error) this.#lose()
    })
    return answer
  }

  /** A spare one must not keep the gateway from ending. */
  unref(): void {
    this.#child.unref()
    this.#child.channel?.unref()
  }

  ref(): void {
    this.#child.ref()
    this.#child.channel?.ref()
  }

  kill(): Promise<void> {
    this.#isGone = true
    this.ref()
    this.#child.kill('SIGKILL')
    return this.exited
  }

  /** Lets it close its file; kills it when that takes too long. */
  async end(): Promise<void> {
    this.#isGone = true
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), FAREWELL_MS)
    if (this.#child.connected) this.#child.disconnect()
    await this.exited
    clearTimeout(timer)
  }

  #wait(): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  #lose(): void {
    this.#isGone = true
    this.#settle(({ reject }) => reject(engineLost()))
  }

  #settle(settle: (waiting: Waiting) => void): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    if (waiting) settle(waiting)
  }
}
