// node-postgres and its pool as Debian has their source, with their own tests: a program a file, and mocha.
import { existsSync, globSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchDebian, installNpm } from '../fetch.ts'
import { runMocha } from '../mocha.ts'
import { runEach, runProgram } from '../processes.ts'
import type { Outcomes, Suite, Target } from '../suite.ts'
import { environmentFor } from './environment.ts'

const DATABASE = 'node_postgres'
const FILE_TIMEOUT_MS = 40_000
const DRIVER = ['pg@8.16.3', 'async@2.6.4', 'bluebird@3.7.2', 'co@4.6.0', 'pg-copy-streams@0.3.0']
const POOL = ['pg@8.16.3', 'pg-cursor@2.15.3', 'bluebird@3.7.2', 'co@4.6.0', 'expect.js@0.3.1']

const ENDED =
  'outside a transaction a session has no backend of its own: ending one that it used does not end the session'

export const NODE_POSTGRES: Suite = {
  name: 'node-postgres',
  engine: 'postgres',
  // Tests end other sessions by way of template1.
  databases: [DATABASE, 'template1'],
  fetch: (cache) => fetchPackage(cache, 'pg', DRIVER),
  run,
  differences: {
    'test/integration/client/appname-tests.js':
      'who names no application is "articdbm" to the server, not nameless',
    'test/integration/client/big-simple-query-tests.js': 'OR 1 = 1 is taken for an injection',
    'test/integration/connection-pool/error-tests.js': ENDED,
    'test/integration/gh-issues/130-tests.js': ENDED,
  },
}

export const PG_POOL: Suite = {
  name: 'pg-pool',
  engine: 'postgres',
  databases: [DATABASE],
  fetch: (cache) => fetchPackage(cache, 'pg-pool', [...POOL, 'lodash@4', 'mocha@11']),
  run: (directory, target) => runMocha(directory, 'mocha', environmentFor(target, DATABASE)),
  differences: {
    'pool size of 1 can only send 1 query at a time':
      'pg_stat_activity shows the connections of the pool, not the sessions',
  },
}

/** One of the packages of the source, beside what it needs to be tested. */
async function fetchPackage(
  cache: string,
  name: string,
  needs: readonly string[],
): Promise<string> {
  const source = await fetchDebian(cache, 'node-postgres', 'sid')
  const directory = join(source, 'packages', name)
  if (existsSync(join(directory, 'node_modules'))) return directory
  // It would make npm install for all packages of the source.
  await rm(join(source, 'package.json'), { force: true })
  await writeFile(join(directory, 'package.json'), '{ "private": true }')
  await installNpm(directory, needs)
  return directory
}

async function run(directory: string, target: Target): Promise<Outcomes> {
  const program = (file: string) => ({
    file: process.execPath,
    args: [file, 'postgres://'],
    cwd: directory,
    environment: {
      ...environmentFor(target, DATABASE),
      PGTESTNOSSL: 'true',
      SCRAM_TEST_PGUSER: target.user,
      SCRAM_TEST_PGPASSWORD: target.password,
    },
    timeoutMs: FILE_TIMEOUT_MS,
  })
  await runProgram(program('script/create-test-tables.js'))
  const files = globSync('test/integration/**/*-tests.js', { cwd: directory }).sort()
  return await runEach(files, program)
}
