// The operators' command line, as docs/USAGE.md shows it, against a running product.
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { attempt } from '../support/doors.ts'
import { Product } from '../support/product.ts'

const PROGRAM = resolve(import.meta.dirname, '../../articdbm')
const execute = promisify(execFile)

let product: Product

before(async () => {
  product = await Product.start({ withShop: true })
})
after(() => product?.stop())

async function articdbm(...words: string[]): Promise<string> {
  const { stdout } = await execute(PROGRAM, words, {
    env: { ...process.env, ...product.environment },
  })
  return stdout
}

/** Its words on stderr; fails when the command succeeds. */
async function complaint(...words: string[]): Promise<string> {
  try {
    await articdbm(...words)
  } catch (error) {
    return (error as { stderr: string }).stderr
  }
  throw new Error(`${words.join(' ')} succeeded`)
}

async function piped(input: string, ...words: string[]): Promise<string> {
  const child = spawn(PROGRAM, words, { env: { ...process.env, ...product.environment } })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stdin.end(input)
  const code = await new Promise((done) => child.once('close', done))
  assert.equal(code, 0)
  return output
}

test('migrate says that there is nothing to do', async () => {
  assert.equal(await articdbm('migrate'), 'up to date\n')
})

test('user add prints a one-time password that opens a door once something is granted', async () => {
  const added = await articdbm(
    'user',
    'add',
    'grace',
    '--role',
    'viewer',
    '--display-name',
    'G. H.',
  )
  const password = added.match(/only now: (\S+)/)?.[1] ?? ''
  const granted = await articdbm(
    'grant',
    'add',
    'grace',
    'shop',
    '--table',
    'orders',
    '--actions',
    'read',
  )
  const id = granted.trim().split(' ').at(-1) ?? ''
  const read = { database: 'shop', statements: ['SELECT count(*) FROM orders'] }
  await eventually(async () => {
    const { code } = await attempt(product, { name: 'grace', password }, 'postgres', read)
    assert.equal(code, '')
  })
  assert.match(
    await articdbm('grant', 'list'),
    new RegExp(`${id} +grace +shop +\\S+ +orders +read`),
  )
  assert.equal(await articdbm('grant', 'revoke', id), `revoked ${id}\n`)
  await eventually(async () => {
    const { code } = await attempt(product, { name: 'grace', password }, 'postgres', read)
    assert.equal(code, '3D000')
  })
})

test('user list and user passwd', async () => {
  assert.match(await articdbm('user', 'list'), /owner +admin +active/)
  assert.match(
    await articdbm('user', 'passwd', 'grace'),
    /one-time password of grace, shown only now: \S+/,
  )
  assert.match(await complaint('user', 'passwd', 'nobody'), /nobody/)
  assert.match(await complaint('user', 'add', 'owner'), /owner|taken|exists/)
  assert.match(await complaint('user', 'add', 'x', '--role', 'king'), /admin, maintainer, viewer/)
})

test('a grant that names nothing is for every table of every schema', async () => {
  await articdbm('grant', 'add', 'grace', 'shop', '--actions', 'read,write')
  assert.match(await articdbm('grant', 'list'), /grace +shop +\* +\* +read,write/)
})

test('database add, list and test', async () => {
  const path = join(product.directory, 'shop.db')
  await articdbm('database', 'add', 'second', '--engine', 'sqlite', '--target', path)
  assert.match(await articdbm('database', 'list'), /second +sqlite +\S+shop\.db/)
  assert.match(await articdbm('database', 'test', 'second'), /second answers in [\d.]+ ms/)
  await piped(
    'a password\n',
    ...'database add away --engine postgres --host 127.0.0.1 --port 1 --user x'.split(' '),
  )
  assert.match(await complaint('database', 'test', 'away'), /can't be reached/)
})

test('audit tail shows what was done, audit verify that nothing was changed', async () => {
  await product.auditIsShipped()
  const tail = await articdbm('audit', 'tail', '--lines', '200')
  assert.match(tail, /grace +\S+ +postgres +shop +allow +SELECT count\(\*\) FROM orders/)
  assert.match(tail, /operator +terminal/)
  assert.match(await articdbm('audit', 'verify'), /^intact: \d+ entries, head [0-9a-f]+/)
})

test('inspect answers each line in order, and a bare statement', async () => {
  const lines = [
    { id: 'a', sql: 'SELECT * FROM orders WHERE id = 1', label: 0 },
    { id: 2, sql: 'SELECT * FROM users WHERE id = 1 OR 1=1' },
    { id: null, sql: 'WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x' },
    { id: 'broken', sql: 'SELEC' },
  ]
  const input = lines.map((line) => JSON.stringify(line)).join('\n')
  const output = await piped(`${input}\nnot json\n`, 'inspect', '--dialect', 'postgres')
  const answers = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  assert.deepEqual(
    answers.map(({ id, verdict, rule, effects, complete }) => [
      id,
      verdict,
      rule,
      effects?.toSorted(),
      complete,
    ]),
    [
      ['a', 'allow', '', ['read'], true],
      [2, 'block', 'injection.tautology', ['read'], true],
      [null, 'allow', '', ['read', 'write'], true],
      ['broken', 'block', 'statement.incomplete', [], false],
      [null, undefined, undefined, undefined, undefined],
    ],
  )
  assert.deepEqual(answers[0].relations, [{ name: 'orders', access: 'read' }])
  assert.match(answers[0].digest, /^[0-9a-f]{16}$/)
  for (const dialect of ['mysql', 'sqlite']) {
    const [line = ''] = (await articdbm('inspect', '--dialect', dialect, 'DELETE FROM a')).split(
      '\n',
    )
    assert.deepEqual(JSON.parse(line).relations, [{ name: 'a', access: 'write' }])
  }
})

test('a wrong setting is told with its name, and exit code 1', async () => {
  const environment = { ...process.env, ...product.environment, MANAGER_PORT: 'many' }
  await assert.rejects(execute(PROGRAM, ['migrate'], { env: environment }), /MANAGER_PORT/)
})

/** A change reaches the gateway within moments. */
async function eventually(check: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 15_000
  for (;;) {
    try {
      await check()
      return
    } catch (error) {
      if (Date.now() > deadline) throw error
      await new Promise((done) => setTimeout(done, 100))
    }
  }
}
