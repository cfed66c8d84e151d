// asyncpg as Debian has its source, built with the system's Python.
import { globSync } from 'node:fs'
import { fetchDebian } from '../fetch.ts'
import { runProgram } from '../processes.ts'
import type { Outcomes, Suite, Target } from '../suite.ts'
import { outcomesOfUnittest } from '../unittest.ts'
import { environmentFor } from './environment.ts'

const DATABASE = 'asyncpg'
const PYTHON = '/usr/bin/python3'

const PID = 'a notification tells the backend’s pid, and the session’s own is the door’s'
const CREATED = 'a database that a test creates is not one of the door’s'
const ENDED =
  'outside a transaction a session has no backend of its own: ending one that it used does not end the session'

export const ASYNCPG: Suite = {
  name: 'asyncpg',
  engine: 'postgres',
  // Pools are tested in "postgres".
  databases: [DATABASE, 'postgres'],
  fetch: async (cache) => {
    const directory = await fetchDebian(cache, 'asyncpg')
    await build(directory)
    return directory
  },
  run,
  differences: {
    'tests.test_execute.TestExecuteMany.test_executemany_server_failure_during_writes':
      'a failure is told when the whole request has come: the driver has sent all by then',
    'tests.test_execute.TestExecuteMany.test_executemany_timeout':
      'pg_sleep within an INSERT is taken for an injection',
    'tests.test_introspection.TestIntrospection.test_introspection_loads_basetypes_of_domains':
      CREATED,
    'tests.test_introspection.TestIntrospection.test_introspection_on_large_db': CREATED,
    'tests.test_listeners.TestListeners.test_listen_01': PID,
    'tests.test_listeners.TestListeners.test_listen_02': PID,
    'tests.test_listeners.TestListeners.test_listen_notletters': PID,
    'tests.test_pool.TestPool.test_pool_remote_close': ENDED,
  },
}

async function build(directory: string): Promise<void> {
  if (globSync('asyncpg/protocol/*.so', { cwd: directory }).length > 0) return
  const { isPassed, output } = await runProgram({
    file: PYTHON,
    args: ['setup.py', '--quiet', 'build_ext', '--inplace'],
    cwd: directory,
    environment: {},
    timeoutMs: 600_000,
  })
  if (!isPassed)
    throw new Error(`asyncpg needs python3-dev, python3-setuptools and gcc:\n${output}`)
}

async function run(directory: string, target: Target): Promise<Outcomes> {
  const { output } = await runProgram({
    file: PYTHON,
    args: ['-m', 'unittest', 'discover', '-v', '-s', 'tests', '-t', '.'],
    cwd: directory,
    environment: { ...environmentFor(target, DATABASE), PGSSLMODE: 'disable' },
    timeoutMs: 420_000,
  })
  return outcomesOfUnittest(output)
}
