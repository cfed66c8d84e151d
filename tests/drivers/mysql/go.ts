// Go's MySQL driver as Debian has it.
import { compileTests, runTests } from '../go.ts'
import type { Suite } from '../suite.ts'

const DRIVER = 'github.com/go-sql-driver/mysql'
const DATABASE = 'gotest'

export const GO_SQL_DRIVER: Suite = {
  name: 'go-sql-driver',
  engine: 'mariadb',
  databases: [DATABASE],
  fetch: (cache) => compileTests(cache, DRIVER),
  run: (directory, { host, port, user, password }) =>
    runTests(directory, DRIVER, {
      MYSQL_TEST_USER: user,
      MYSQL_TEST_PASS: password,
      MYSQL_TEST_PROT: 'tcp',
      MYSQL_TEST_ADDR: `${host}:${port}`,
      MYSQL_TEST_DBNAME: DATABASE,
    }),
  differences: {
    ...Object.fromEntries(
      ['Exec', 'Query', 'StmtExec', 'StmtQuery'].map((name) => [
        `TestContextCancel${name}`,
        'who disconnects in the middle of a statement cancels it',
      ]),
    ),
    TestContextCancelBegin: 'SLEEP within an INSERT is taken for an injection',
    TestInsertRetrieveEscapedData: 'NO_BACKSLASH_ESCAPES is refused',
    TestLongData: 'a statement may have a million characters',
    TestSQLInjection: 'NO_BACKSLASH_ESCAPES is refused',
    TestStaleConnectionChecks:
      'a session whose connection timed out hears of it at its next statement',
  },
}
