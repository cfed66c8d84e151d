// One child process of `articdbm up`: started, waited for, and ended by its own id.
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { environment } from '../config.ts'

/**
 * How each process runs. With room to spare V8 lets its young generation grow to 128 MB, and an idle client then
 * costs the gateway twice the memory; collecting it more often costs nothing that could be measured.
 */
export const NODE_FLAGS = [
  '--disable-warning=ExperimentalWarning',
  '--max-semi-space-size=8',
] as const

const POLL_MS = 100
const TAIL_LINES = 12

export interface ChildSpec {
  readonly name: string
  readonly script: string
  readonly options?: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly logFile: string
  /** Answers 200 once the process is ready. */
  readonly readyUrl: string
}

export interface RunningChild {
  readonly name: string
  /** Resolves with a message when the process ended without having been asked to. */
  readonly crashed: Promise<string>
  /** Asks it to drain and waits for its end; after the time-out it is killed. */
  stop(timeoutMs: number): Promise<void>
}

export async function startChild(spec: ChildSpec, timeoutMs: number): Promise<RunningChild> {
  const child = spawn(process.execPath, [...NODE_FLAGS, spec.script, ...(spec.options ?? [])], {
    env: { ...environment, ...spec.environment },
    // Its own process group: Ctrl-C comes to us alone, and we end the three in the right order.
    detached: true,
    // The channel closes if we die; then the child drains by itself.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const log = createWriteStream(spec.logFile, { flags: 'a', mode: 0o600 })
  child.stdout?.pipe(log)
  child.stderr?.pipe(log)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let isStopping = false
  const crashed = ended.then(async () => {
    if (isStopping) return new Promise<string>(() => undefined)
    return `${spec.name} ended unexpectedly (${child.exitCode ?? child.signalCode}):\n${await tail(spec.logFile)}`
  })
  const running: RunningChild = {
    name: spec.name,
    crashed,
    stop: async (stopTimeoutMs) => {
      isStopping = true
      await stopChild(child, ended, stopTimeoutMs)
    },
  }
  await untilAnswers(spec.readyUrl, crashed, timeoutMs)
  return running
}

async function stopChild(
  child: ChildProcess,
  ended: Promise<void>,
  timeoutMs: number,
): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs)
  await ended
  clearTimeout(timer)
}

/** Asks again and again until the address answers 200; rejects with the crash, or when time is up. */
export async function untilAnswers(
  url: string,
  crashed: Promise<string>,
  timeoutMs: number,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  const crash = crashed.then((message) => Promise.reject(new Error(message)))
  while (Date.now() < deadline) {
    if (await Promise.race([answers(url), crash])) return
    await Promise.race([new Promise((resolve) => setTimeout(resolve, POLL_MS)), crash])
  }
  throw new Error(`${url} did not answer within ${timeoutMs / 1000} s`)
}

async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}

async function tail(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch(() => '')
  return text.trimEnd().split('\n').slice(-TAIL_LINES).join('\n')
}
