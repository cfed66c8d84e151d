// `npm run check`: everything that can be known without running the product, in seconds.
import { spawn } from 'node:child_process'

const CHECKS: readonly (readonly [string, readonly string[]])[] = [
  ['format and lint', ['biome', 'check', '--error-on-warnings', '.']],
  ['types', ['node', 'node_modules/typescript7/bin/tsc', '-p', 'tsconfig.json']],
  [
    'types of the web UI',
    ['node', 'node_modules/typescript7/bin/tsc', '-p', 'webui/tsconfig.json'],
  ],
  ['architecture', ['node', '--test', '--test-reporter=dot', 'tests/architecture.test.ts']],
  ['unused code', ['knip', '--no-progress']],
  ['markdown', ['markdownlint-cli2', '*.md', 'docs/*.md']],
]

interface Outcome {
  readonly name: string
  readonly code: number
  readonly output: string
}

function runCheck(name: string, command: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    const [file = '', ...args] = command
    const child = spawn(`node_modules/.bin/${file}`, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('close', (code) =>
      resolve({ name, code: code ?? 1, output: Buffer.concat(chunks).toString() }),
    )
  })
}

const outcomes = await Promise.all(CHECKS.map(([name, command]) => runCheck(name, command)))
for (const { name, code, output } of outcomes) {
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}`)
  if (code !== 0) console.log(output)
}
process.exitCode = outcomes.some(({ code }) => code !== 0) ? 1 : 0
