import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Account {
  readonly uid: number
  readonly gid: number
}

/** Servers refuse to be root, so root starts them as the account Debian made for them. */
export function accountOf(name: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`))
  if (line === undefined) throw new Error(`there is no system account "${name}"`)
  const [, , uid, gid] = line.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

/** A new directory that ends with this process. */
export function scratchDirectory(name: string, account?: Account): string {
  const path = mkdtempSync(join(tmpdir(), `articdbm-${name}-`))
  if (account) chownSync(path, account.uid, account.gid)
  endings.directories.add(path)
  endAllOnExit()
  return path
}

export function removeDirectory(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  endings.directories.delete(path)
}

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly directory: string
  readonly account?: Account | undefined
  /** The network namespace that it runs in. */
  readonly namespace?: string | undefined
}

/** Runs a short preparation to its end and throws its output when it fails. */
export function prepare(command: Command): void {
  const ended = spawnSync(command.file, command.args, {
    cwd: command.directory,
    encoding: 'utf8',
    timeout: 120_000,
    env: serverEnvironment(command.directory),
    ...command.account,
  })
  if (ended.status === 0) return
  const why = ended.error?.message ?? `${ended.stderr}${ended.stdout}`
  throw new Error(`${command.file} failed: ${why.slice(-4000)}`)
}

export interface Child {
  readonly pid: number
  readonly isAlive: () => boolean
  readonly output: () => string
  /** Ends it at once; its state is thrown away anyway. */
  stop(): Promise<void>
}

/** A server of ours. It ends with `stop`, with this process, and even when this process is killed. */
export function startChild(command: Command, signal: NodeJS.Signals = 'SIGKILL'): Child {
  endAllOnExit()
  const { file, args, account } = placed(command)
  const child = spawn(file, args, {
    cwd: command.directory,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: serverEnvironment(command.directory),
    ...account,
  })
  const output = tailOf(child)
  const { pid } = child
  if (pid === undefined) throw new Error(`${command.file} can't be started`)
  const watchdog = startWatchdog(pid, signal)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const running: Running = { child, watchdog, signal }
  endings.children.add(running)
  void ended.then(() => {
    endings.children.delete(running)
    watchdog.kill('SIGKILL')
  })
  return {
    pid,
    isAlive: () => child.exitCode === null && child.signalCode === null,
    output,
    stop: async () => {
      signalGroup(running, signal)
      const last = setTimeout(() => signalGroup(running, 'SIGKILL'), 10_000)
      await ended
      clearTimeout(last)
    },
  }
}

/** Only root enters a namespace, so the account is taken on inside. */
function placed(command: Command): Pick<Command, 'file' | 'args' | 'account'> {
  const { file, args, account, namespace } = command
  if (namespace === undefined) return { file, args, account }
  const as = account
    ? ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups']
    : []
  return {
    file: 'ip',
    args: ['netns', 'exec', namespace, ...as, file, ...args],
    account: undefined,
  }
}

interface Running {
  readonly child: ChildProcess
  readonly watchdog: ChildProcess
  readonly signal: NodeJS.Signals
}

const endings = {
  children: new Set<Running>(),
  directories: new Set<string>(),
  isArmed: false,
}

/** MariaDB clears its temporary directory at start, of other servers' tables, too: each has its own. */
function serverEnvironment(directory: string): NodeJS.ProcessEnv {
  const path = `${process.env.PATH}:/usr/sbin:/sbin`
  return { PATH: path, LC_ALL: 'C.UTF-8', HOME: directory, TMPDIR: directory }
}

const OUTPUT_CHARACTERS = 8_000

function tailOf(child: ChildProcess): () => string {
  let tail = ''
  const keep = (chunk: Buffer): void => {
    tail = (tail + chunk.toString('utf8')).slice(-OUTPUT_CHARACTERS)
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  child.on('error', (fault) => keep(Buffer.from(fault.message)))
  return () => tail
}

/** A shell that waits for this process to go, by whatever death, and then ends the server. */
function startWatchdog(pid: number, signal: NodeJS.Signals): ChildProcess {
  const script = 'cat > /dev/null; kill -s "$2" -- -"$1" 2> /dev/null'
  const watchdog = spawn('sh', ['-c', script, 'sh', `${pid}`, signal.replace('SIG', '')], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  watchdog.on('error', () => undefined)
  watchdog.unref()
  return watchdog
}

function signalGroup({ child }: Running, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It ended between the look and the signal.
  }
}

function endAllOnExit(): void {
  if (endings.isArmed) return
  endings.isArmed = true
  process.once('exit', endAll)
  process.once('SIGINT', () => process.exit(130))
  process.once('SIGTERM', () => process.exit(143))
}

function endAll(): void {
  for (const running of endings.children) {
    running.watchdog.kill('SIGKILL')
    signalGroup(running, running.signal)
  }
  if (endings.children.size > 0) pause(300) // their last writes, before the directories go
  for (const running of endings.children) signalGroup(running, 'SIGKILL')
  for (const path of endings.directories) removeDirectory(path)
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
