// Statements of real test suites and attacks: SQLite's own parser and authorizer against our reading.
// Every tenth by default; CONFORMANCE=all reads all of them.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { constants, DatabaseSync } from 'node:sqlite'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { analyze, type Statement } from '@articdbm/sql'

const FOLDER = fileURLToPath(new URL('../../../shared/corpus/sql/', import.meta.url))
const FILES = ['benign_mysql', 'benign_pg', 'injected_mysql', 'injected_pg']
const isAbsent = !existsSync(FOLDER)
const STEP = process.env.CONFORMANCE === 'all' ? 1 : 10
const MOST_CHARACTERS = 5_000
const MOST_COLUMNS = 30
const CHANGES = new Set<number>([
  constants.SQLITE_INSERT,
  constants.SQLITE_UPDATE,
  constants.SQLITE_DELETE,
])

function textsOf(file: string): readonly string[] {
  if (isAbsent) return []
  const lines = readFileSync(`${FOLDER}${file}.jsonl`, 'utf8').trim().split('\n')
  return lines
    .filter((_line, index) => index % STEP === 0)
    .map((line): string => JSON.parse(line).sql)
    .filter((sql) => sql.length <= MOST_CHARACTERS)
}

/** SQLite's complaint, or '' when it compiles. */
function complaint(database: DatabaseSync, sql: string): string {
  try {
    database.prepare(sql)
    return ''
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

/** A table for each relation, with whatever columns SQLite asks for; undefined where that is not enough. */
function touchedIn(statement: Statement): readonly string[] | undefined {
  const database = new DatabaseSync(':memory:')
  try {
    const tables = statement.relations.map(({ name }) => name).filter((name) => name !== '*')
    for (const table of tables) tryTo(database, `CREATE TABLE ${quoted(table)}(unasked)`)
    const existing = new Set(tables.map((table) => table.toLowerCase()))
    for (let column = 0; column < MOST_COLUMNS; column += 1) {
      const { why, touched } = compile(database, statement.text, existing)
      if (why === '') return touched
      if (!addColumn(database, tables, why)) return undefined
    }
    return undefined
  } finally {
    database.close()
  }
}

function compile(
  database: DatabaseSync,
  sql: string,
  tables: ReadonlySet<string>,
): { readonly why: string; readonly touched: readonly string[] } {
  const touched = new Set<string>()
  database.setAuthorizer((action, name, column) => {
    const table = String(name).toLowerCase()
    // Counting a CTE's rows shows as a read of no column of it.
    if (action === constants.SQLITE_READ && !(column === '' && !tables.has(table)))
      touched.add(`read ${table}`)
    if (CHANGES.has(action)) touched.add(`write ${table}`)
    return constants.SQLITE_OK
  })
  const why = complaint(database, sql)
  database.setAuthorizer(null)
  return { why, touched: [...touched] }
}

function addColumn(database: DatabaseSync, tables: readonly string[], why: string): boolean {
  const column = why.match(/^no such column: (?:.*\.)?(.+)$|has no column named (.+)$/)
  const name = column?.[1] ?? column?.[2]
  if (name === undefined) return false
  return tables.some((table) =>
    tryTo(database, `ALTER TABLE ${quoted(table)} ADD COLUMN ${quoted(name)}`),
  )
}

function tryTo(database: DatabaseSync, sql: string): boolean {
  try {
    database.exec(sql)
    return true
  } catch {
    return false
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function isSaid({ relations }: Statement, touch: string): boolean {
  const [access, table = ''] = [touch.split(' ', 1)[0], touch.slice(touch.indexOf(' ') + 1)]
  if (/^(?:json_|pragma_)/.test(table)) return true
  return relations.some(
    (relation) =>
      (relation.name === '*' || relation.name.toLowerCase() === table) &&
      (relation.access === 'write' || access === 'read'),
  )
}

for (const file of FILES) {
  describe(file, { skip: isAbsent ? `no corpus at ${FOLDER}` : false }, () => {
    test('what SQLite accepts is understood', () => {
      const database = new DatabaseSync(':memory:')
      const silent = textsOf(file).filter((sql) => {
        const [first] = analyze(sql, 'sqlite').statements
        if (first === undefined || first.isComplete) return false
        return complaint(database, sql) === ''
      })
      database.close()
      assert.deepEqual(silent, [])
    })

    test('what it touches was said', (context) => {
      let compared = 0
      const unsaid = textsOf(file).flatMap((sql) => {
        const [first] = analyze(sql, 'sqlite').statements
        if (
          !first?.isComplete ||
          !/^(?:select|values|insert|replace|update|delete)$/.test(first.kind)
        )
          return []
        const touched = touchedIn(first)
        compared += touched === undefined ? 0 : 1
        return (touched ?? [])
          .filter((touch) => !isSaid(first, touch))
          .map((touch) => `${touch}: ${first.text}`)
      })
      context.diagnostic(`${compared} compared`)
      assert.ok(compared > 20)
      assert.deepEqual(unsaid, [])
    })
  })
}
