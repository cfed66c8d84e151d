// The suites of mysql2 and of its model, mysqljs: a program a file. Both are run with the present mysql2, because the
// versions that still brought their tests along log in by mysql_native_password alone, which the door doesn't take.
import { globSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { fetchDebian, fetchNpm, installNpm } from '../fetch.ts'
import { runEach } from '../processes.ts'
import type { Outcomes, Suite, Target } from '../suite.ts'

const FILE_TIMEOUT_MS = 20_000
const PREPARED_STAY = "what is prepared stays on the pool's connections, up to the server's limit"
const HELPERS = ['utest@0.0.8', 'urun@0.0.8']
const MORE = ['after@0.8.2', 'utest@0.0.8', 'seedrandom@3.0.5', 'timezone-mock@1.3.6']

export const MYSQL2: Suite = {
  name: 'mysql2',
  engine: 'mariadb',
  databases: ['test'],
  fetch: async (cache) => {
    const directory = await fetchNpm(cache, 'mysql2@0.15.8', HELPERS)
    return withPresentDriver(directory, 'index.js')
  },
  run: (directory, target) => runFiles(directory, 'test/integration/**/test-*.js', target),
  // The suite itself leaves the server's max_prepared_stmt_count at 10.
  differences: because(PREPARED_STAY, [
    'execute-and-unprepare',
    'execute-newdecimal',
    'prepare-and-close',
    'prepare-simple',
    'prepare-then-execute',
    'select-negative',
    'signed-tinyint',
  ]),
}

export const MYSQLJS: Suite = {
  name: 'mysqljs',
  engine: 'mariadb',
  databases: ['test'],
  fetch: async (cache) => {
    const directory = await fetchDebian(cache, 'node-mysql')
    await installNpm(directory, MORE)
    return withPresentDriver(directory, 'index.js')
  },
  run: (directory, target) => runFiles(directory, 'test/integration/**/test-*.js', target),
  differences: because('SELECT and SET before a database is chosen give errno 1046', [
    'send-and-receive-large-packets',
    'send-and-receive-large-text',
  ]),
}

function because(reason: string, names: readonly string[]): Readonly<Record<string, string>> {
  const files = names.map((name) => `test/integration/connection/test-${name}.js`)
  return Object.fromEntries(files.map((file) => [file, reason]))
}

async function withPresentDriver(directory: string, entry: string): Promise<string> {
  const driver = pathToFileURL(import.meta.dirname).href
  const text = `module.exports = require('node:module').createRequire('${driver}/')('mysql2')\n`
  await writeFile(join(directory, entry), text)
  return directory
}

function runFiles(directory: string, pattern: string, target: Target): Promise<Outcomes> {
  const files = globSync(pattern, { cwd: directory }).sort()
  return runEach(files, (file) => ({
    file: process.execPath,
    args: [file],
    cwd: directory,
    environment: environmentFor(target),
    timeoutMs: FILE_TIMEOUT_MS,
  }))
}

function environmentFor({ host, port, user, password }: Target): Readonly<Record<string, string>> {
  return {
    CI: '1',
    MYSQL_HOST: host,
    MYSQL_PORT: String(port),
    MYSQL_USER: user,
    MYSQL_PASSWORD: password,
    MYSQL_DATABASE: 'test',
  }
}
