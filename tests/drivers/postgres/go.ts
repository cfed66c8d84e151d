// Go's lib/pq and pgx as Debian has them.
import { compileTests, runTests } from '../go.ts'
import type { Suite, Target } from '../suite.ts'
import { environmentFor } from './environment.ts'

const PQ = 'github.com/lib/pq'
const PQ_DATABASE = 'pqgotest'
const PGX = 'github.com/jackc/pgx/v4'
const PGX_DATABASE = 'pgx_test'

const ENDED =
  'outside a transaction a session has no backend of its own: ending one that it used does not end the session'
const READ = 'the door reads UTF-8 and standard_conforming_strings alone: others are refused'
const MANY = 'more than 500 statements in one text are refused'

export const LIB_PQ: Suite = {
  name: 'lib-pq',
  engine: 'postgres',
  databases: [PQ_DATABASE],
  fetch: (cache) => compileTests(cache, PQ),
  run: (directory, target) =>
    runTests(directory, PQ, { ...environmentFor(target, PQ_DATABASE), PGSSLMODE: 'disable' }),
  differences: {
    TestPing: ENDED,
    TestRowsResultTag: 'SELECT 1 behind an INSERT in one text is taken for an injection',
  },
}

export const PGX_V4: Suite = {
  name: 'pgx',
  engine: 'postgres',
  databases: [PGX_DATABASE],
  fetch: (cache) => compileTests(cache, PGX),
  run: (directory, target) =>
    runTests(directory, PGX, { PGX_TEST_DATABASE: connectionString(target) }),
  differences: {
    TestConnSimpleProtocolRefusesNonStandardConformingStrings: READ,
    TestConnSimpleProtocolRefusesNonUTF8ClientEncoding: READ,
    TestExec: MANY,
    'TestExec/DefaultProto': MANY,
    'TestExec/SimpleProto': MANY,
    TestFatalRxError: ENDED,
    TestFatalTxError: ENDED,
  },
}

function connectionString({ host, port, user, password }: Target): string {
  return `host=${host} port=${port} user=${user} password=${password} dbname=${PGX_DATABASE} sslmode=disable`
}
