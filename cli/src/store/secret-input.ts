import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** A password from the terminal without echo, or the first line of stdin when that is a pipe. */
export async function askSecret(question: string): Promise<string> {
  const isTerminal = process.stdin.isTTY === true
  if (isTerminal) process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isTerminal })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    if (isTerminal) process.stderr.write('\n')
  }
}
