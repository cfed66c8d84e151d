// A gateway that is killed leaves no engine behind, not even one in the middle of an endless step.
import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openShop } from './shop.fixture.ts'

const { path, close } = openShop()
after(close)

const MOST_MS = 10_000

const PROGRAM = `
  import { createSqliteDatabases } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
  const databases = createSqliteDatabases({ warmProcesses: 0 })
  const connection = await databases.open(${JSON.stringify(path)})
  console.log('open')
  const sql = 'WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c'
  for await (const event of connection.execute({ sql, parameters: [], allowed: 'everything', timeoutMs: 60_000 })) {
    console.log(event)
  }`

function childrenOf({ pid }: ChildProcess): readonly string[] {
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return listed === '' ? [] : listed.split(' ')
}

test('the engine of a killed gateway ends', { skip: process.platform !== 'linux' }, async () => {
  const gateway = spawn(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(gateway.stdout, 'data')
  await setTimeout(300)
  const engines = childrenOf(gateway)
  assert.equal(engines.length, 1)
  gateway.kill('SIGKILL')
  await once(gateway, 'exit')
  const deadline = performance.now() + MOST_MS
  const isAlive = () => engines.some((pid) => existsSync(`/proc/${pid}`))
  while (isAlive() && performance.now() < deadline) await setTimeout(100)
  assert.equal(isAlive(), false)
})
