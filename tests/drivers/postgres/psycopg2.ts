// psycopg2 as Debian has its source, built with the system's Python and libpq.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fetchDebian } from '../fetch.ts'
import { runProgram } from '../processes.ts'
import type { Outcomes, Suite, Target } from '../suite.ts'
import { outcomesOfUnittest } from '../unittest.ts'
import { environmentFor } from './environment.ts'

const DATABASE = 'psycopg2_test'
const PYTHON = '/usr/bin/python3'
const RUN = "import tests, unittest; unittest.main('tests', 'test_suite', argv=['tests', '-v'])"

const ENCODING = 'the door reads UTF-8 alone: another client_encoding is refused'

export const PSYCOPG2: Suite = {
  name: 'psycopg2',
  engine: 'postgres',
  databases: [DATABASE],
  settings: ['max_prepared_transactions = 10'],
  fetch: async (cache) => {
    const directory = await fetchDebian(cache, 'psycopg2')
    await build(directory)
    return directory
  },
  run,
  differences: {
    'tests.test_connection.ConnectionTests.test_encoding_name': ENCODING,
    'tests.test_connection.TestConnectionInfo.test_backend_pid':
      'the key for cancelling is the door’s, and pg_backend_pid() the backend’s',
    'tests.test_copy.CopyTests.test_copy_bytes': ENCODING,
    'tests.test_copy.CopyTests.test_copy_expert_textiobase': ENCODING,
    'tests.test_copy.CopyTests.test_copy_text': ENCODING,
    'tests.test_cursor.CursorTests.test_external_close_async':
      'outside a transaction a session has no backend of its own: ending one that it used does not end the session',
    'tests.test_quote.QuotingTestCase.test_koi8': ENCODING,
    'tests.test_quote.QuotingTestCase.test_latin1': ENCODING,
    'tests.test_types_extras.JsonTestCase.test_scs':
      'statements are read with standard_conforming_strings on: off is refused',
  },
}

async function build(directory: string): Promise<void> {
  if (existsSync(join(directory, 'build'))) return
  const program = { file: PYTHON, args: ['setup.py', '--quiet', 'build', '--build-lib', 'build'] }
  const { isPassed, output } = await runProgram({
    ...program,
    cwd: directory,
    environment: {},
    timeoutMs: 300_000,
  })
  if (!isPassed) throw new Error(`psycopg2 needs python3-dev, libpq-dev and gcc:\n${output}`)
}

async function run(directory: string, target: Target): Promise<Outcomes> {
  const { output } = await runProgram({
    file: PYTHON,
    args: ['-c', RUN],
    cwd: directory,
    environment: {
      ...environmentFor(target, DATABASE),
      PYTHONPATH: 'build',
      PSYCOPG2_TESTDB: DATABASE,
      PSYCOPG2_TESTDB_HOST: target.host,
      PSYCOPG2_TESTDB_PORT: String(target.port),
      PSYCOPG2_TESTDB_USER: target.user,
      PSYCOPG2_TESTDB_PASSWORD: target.password,
      PSYCOPG2_TEST_FAST: '1',
    },
    timeoutMs: 420_000,
  })
  return outcomesOfUnittest(output)
}
