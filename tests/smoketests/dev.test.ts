// What a new user does after `make dev`: the printed lines, the same query by REST, and a look at the audit.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { Rest } from '../support/rest.ts'

const HOME = resolve(import.meta.dirname, '../..')
const run = promisify(execFile)
const NEW_PASSWORD = 'another password 2'

let directory: string
let printed = ''
let up: ReturnType<typeof spawn>

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'articdbm-dev-'))
  up = spawn(join(HOME, 'articdbm'), ['up', '--demo'], {
    env: { ...process.env, ARTICDBM_DATA_DIR: directory },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  up.stdout?.on('data', (chunk) => {
    printed += chunk
  })
  up.stderr?.on('data', (chunk) => {
    printed += chunk
  })
  const deadline = Date.now() + 90_000
  while (!printed.includes('Ctrl-C drains')) {
    if (up.exitCode !== null || Date.now() > deadline)
      throw new Error(`make dev failed:\n${printed}`)
    await new Promise((done) => setTimeout(done, 100))
  }
})

after(async () => {
  if (up.exitCode === null) {
    up.kill('SIGINT')
    await new Promise((done) => up.once('exit', done))
  }
  await rm(directory, { recursive: true, force: true })
})

function printedLine(beginning: string): string {
  return (
    printed
      .split('\n')
      .find((line) => line.trim().startsWith(beginning))
      ?.trim() ?? ''
  )
}

function printedValue(pattern: RegExp): string {
  return printed.match(pattern)?.[1] ?? ''
}

test('the printed psql line shows rows of the demo database', async () => {
  const { stdout } = await run('sh', ['-c', printedLine('PGPASSWORD=')])
  assert.match(stdout, /\(5 rows\)/)
})

test('the printed mysql line shows rows of the demo database', async () => {
  const { stdout } = await run('sh', ['-c', printedLine('mysql ')])
  assert.equal(stdout.trim().split('\n').length, 6)
})

test('REST runs the same query once the one-time password is changed', async () => {
  const rest = await Rest.login(
    printedValue(/REST\s+(http:\/\/\S+?)\/api/),
    'owner',
    printedValue(/Password\s+(\S+)/),
  )
  const before = await rest.get('databases')
  assert.deepEqual([before.status, before.body.error], [403, 'password_change_required'])
  const passwords = { currentPassword: printedValue(/Password\s+(\S+)/), newPassword: NEW_PASSWORD }
  await rest.data('POST', 'auth/password', passwords)
  const owner = await Rest.login(printedValue(/REST\s+(http:\/\/\S+?)\/api/), 'owner', NEW_PASSWORD)
  const sql = 'SELECT * FROM order_totals LIMIT 5'
  const { rows } = await owner.data('POST', 'databases/shop/query', { sql })
  assert.equal(rows.length, 5)
  await auditShows(owner, sql)
})

async function auditShows(owner: Rest, sql: string): Promise<void> {
  const deadline = Date.now() + 20_000
  let doors: string[] = []
  while (Date.now() < deadline && doors.length < 3) {
    const entries = await owner.data('GET', `audit?kind=statement&sql=${encodeURIComponent(sql)}`)
    doors = entries.map(({ door }: { door: string }) => door)
    for (const entry of entries) {
      assert.equal(entry.principal, 'owner')
      assert.deepEqual(entry.relations, [{ name: 'order_totals', access: 'read' }])
    }
    await new Promise((done) => setTimeout(done, 200))
  }
  assert.deepEqual(doors.sort(), ['mysql', 'postgres', 'rest'])
}

test('the web UI is served, with the API behind it', async () => {
  const web = printedValue(/Web UI\s+(http:\S+)/)
  assert.match(await (await fetch(web)).text(), /<div id="root">/)
  assert.equal((await fetch(`${web}/api/health`)).status, 200)
})

test('Ctrl-C drains and ends all, and says so', async () => {
  up.kill('SIGINT')
  const code = await new Promise((done) => up.once('exit', done))
  assert.equal(code, 0, printed)
  await assert.rejects(fetch(printedValue(/Web UI\s+(http:\S+)/)))
})
