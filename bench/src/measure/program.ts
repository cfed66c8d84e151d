// Somebody's program, to its end.
import { spawn } from 'node:child_process'

export interface Invocation {
  readonly file: string
  readonly args: readonly string[]
  readonly directory: string
  readonly environment?: Readonly<Record<string, string>>
  readonly timeLimitMs: number
}

const KEPT_CHARACTERS = 500

/** Resolves with what it printed; throws what it said when it fails. */
export async function execute(invocation: Invocation): Promise<string> {
  const { file, args, directory, environment, timeLimitMs } = invocation
  const child = spawn(file, args, {
    cwd: directory,
    env: { ...process.env, ...environment, LC_ALL: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeLimitMs,
    killSignal: 'SIGKILL',
  })
  const out = collect(child.stdout)
  const err = collect(child.stderr)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return out()
  const why = code === null ? `did not end within ${timeLimitMs} ms` : `ended with ${code}`
  throw new Error(`${file} ${why}: ${excerpt(`${out()}\n${err()}`)}`)
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: string[] = []
  stream.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk))
  return () => chunks.join('')
}

/** The lines that tell of a failure, or the last ones. */
function excerpt(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const telling = lines.filter((line) => /error|fatal|fail/i.test(line))
  const chosen = telling.length > 0 ? telling.slice(0, 3) : lines.slice(-3)
  return chosen.join(' | ').slice(0, KEPT_CHARACTERS)
}
