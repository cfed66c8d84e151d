// Names the built-in functions of a real server that core/sql/src/mysql/functions.ts doesn't classify yet. What each may
// do is decided by hand, so nothing is written: add the names to the right list. Through the mysql client and its usual
// defaults file; further arguments go to it: `node scripts/generate-mysql-functions.ts -h 127.0.0.1 -P 3306`.
import { execFileSync } from 'node:child_process'
import { isKnownFunction } from '../core/sql/src/mysql/functions.ts'

// MariaDB lists its functions; MySQL has only the help tables' topics, of which those with parentheses are functions.
const MARIADB = 'select lower(function) from information_schema.sql_functions'
const MYSQL =
  "select lower(name) from mysql.help_topic where description like concat('Syntax:%', name, '(%')"

/** Not called by that name: other sql_modes' spellings, and keywords with a grammar of their own. */
const NOT_CALLED: ReadonlySet<string> = new Set(['schemas', 'match'])

function namesOf(query: string): readonly string[] {
  const output = execFileSync('mysql', [...process.argv.slice(2), '-N', '-e', query], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return output.split('\n').filter((name) => name !== '')
}

function builtIn(): readonly string[] {
  try {
    return namesOf(MARIADB)
  } catch {
    return namesOf(MYSQL)
  }
}

const names = builtIn()
const missing = names.filter((name) => !isKnownFunction(name) && !NOT_CALLED.has(name))
console.log(`${names.length} functions on the server, ${missing.length} of them not classified`)
for (const name of missing) console.log(name)
process.exitCode = missing.length === 0 ? 0 : 1
