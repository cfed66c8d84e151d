// Runs somebody's program and keeps what it printed.
import { spawn, spawnSync } from 'node:child_process'

const PATIENCE_MS = 60_000

export interface Printed {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Why the program can't be tried; false where it is there. */
export function missing(program: string): string | false {
  return spawnSync(program, ['--version']).error ? `needs ${program}` : false
}

export async function execute(
  program: string,
  options: readonly string[],
  {
    input = '',
    environment = {},
    patienceMs = PATIENCE_MS,
  }: { input?: string; environment?: Record<string, string>; patienceMs?: number } = {},
): Promise<Printed> {
  const child = spawn(program, options, {
    env: { ...process.env, ...environment, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
    timeout: patienceMs,
  })
  const printed = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    printed.out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    printed.err += text
  })
  child.stdin.on('error', () => undefined)
  child.stdin.end(input)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  return { code, ...printed }
}
