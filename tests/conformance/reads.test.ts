// A statement that is judged to read changes nothing: each such statement of the corpora is run where the server itself
// refuses to change anything, and must never hear that refusal. Tables and columns are made as the server asks for them.
// Every tenth by default; CONFORMANCE=all runs all of them. SQLite's are checked by its authorizer: sqlite-corpus.test.ts.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Dialect } from '@articdbm/contract'
import { analyze, loadGrammars, type Statement } from '@articdbm/sql'
import { openMariadb, openPostgres, type ReadOnlyServer, type Said } from './read-only-servers.ts'

const FOLDER = fileURLToPath(new URL('../../../shared/corpus/sql/', import.meta.url))
const STEP = process.env.CONFORMANCE === 'all' ? 1 : 10
/** Of a file: others lack types, or have UNIONs of other columns. */
const FEWEST = 50
/** So many tables and columns are made for one statement. */
const MOST_MADE = 25

function readsOf(file: string, dialect: Dialect): readonly Statement[] {
  const lines = readFileSync(`${FOLDER}${file}.jsonl`, 'utf8').trim().split('\n')
  return lines
    .filter((_line, index) => index % STEP === 0)
    .map((line): string => JSON.parse(line).sql)
    .flatMap((sql) => {
      const { statements, isComplete } = analyze(sql, dialect)
      const [statement] = statements
      return isComplete && statements.length === 1 && statement && reads(statement)
        ? [statement]
        : []
    })
}

function reads({ effects, relations, functions, session }: Statement): boolean {
  return (
    effects.every((effect) => effect === 'read') &&
    relations.every(({ access }) => access === 'read') &&
    functions.every(({ danger }) => danger === 'safe') &&
    session.every(({ kind }) => kind === 'variables')
  )
}

/** What the server said last, once it had all that it asked for or asked for too much. */
async function run(server: ReadOnlyServer, statement: Statement): Promise<Said> {
  const tables = statement.relations.filter(({ name }) => name !== '*')
  let said = await server.attempt(statement.text)
  for (let made = 0; said.lacks !== undefined && made < MOST_MADE; made += 1) {
    if (!(await server.make(said.lacks, tables))) return said
    said = await server.attempt(statement.text)
  }
  return said
}

const SERVERS = [
  { dialect: 'postgres', open: openPostgres, files: ['benign_pg', 'injected_pg'] },
  { dialect: 'mysql', open: openMariadb, files: ['benign_mysql', 'injected_mysql'] },
] as const

for (const { dialect, open, files } of SERVERS) {
  const why = existsSync(FOLDER) ? open.skip() : `no corpus at ${FOLDER}`
  describe(`what ${dialect} is asked to read`, { skip: why }, () => {
    let server: ReadOnlyServer
    before(async () => {
      await loadGrammars()
      server = await open.server()
    })
    after(() => server?.close())

    for (const file of files) {
      test(`changes nothing: ${file}`, async (context) => {
        let ran = 0
        const statements = readsOf(file, dialect)
        for (const statement of statements) {
          const said = await run(server, statement)
          assert.equal(said.isChange, false, `${statement.text}: ${said.message}`)
          if (said.message === '') ran += 1
        }
        context.diagnostic(`${ran} of ${statements.length} ran to their end`)
        assert.ok(ran > FEWEST, `${ran} of ${statements.length} ran`)
      })
    }
  })
}
