// Our reading of PostgreSQL against PostgreSQL's own parser, over the statements of real test suites.
// Every tenth by default; CONFORMANCE=all reads all of them.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Analysis, analyze, loadGrammars } from '@articdbm/sql'
import { loadModule, parseSync, scanSync } from 'libpg-query'

const FOLDER = fileURLToPath(new URL('../../../shared/corpus/sql/', import.meta.url))
const FILES = ['benign_pg.jsonl', 'injected_pg.jsonl']
const isAbsent = !existsSync(FOLDER)
const STEP = process.env.CONFORMANCE === 'all' ? 1 : 10
const COMPLETE_SHARE = 0.99

function textsOf(file: string): readonly string[] {
  if (isAbsent) return []
  const lines = readFileSync(`${FOLDER}${file}`, 'utf8').trim().split('\n')
  return lines.filter((_line, index) => index % STEP === 0).map((line) => JSON.parse(line).sql)
}

/** The tree as text, or undefined where PostgreSQL's parser refuses. */
function treeOf(sql: string): string | undefined {
  try {
    return JSON.stringify(parseSync(sql))
  } catch {
    return undefined
  }
}

before(async () => {
  await loadGrammars()
  await loadModule()
})

for (const file of FILES) {
  describe(file, { skip: isAbsent ? `no corpus at ${FOLDER}` : false }, () => {
    const texts = textsOf(file)

    test('what PostgreSQL parses is understood', (context) => {
      const parsed = texts.filter((sql) => treeOf(sql) !== undefined)
      const unread = parsed.filter((sql) => !analyze(sql, 'postgres').isComplete)
      const share = 1 - unread.length / parsed.length
      context.diagnostic(`${parsed.length} parsed, ${unread.length} not understood`)
      assert.ok(share >= COMPLETE_SHARE, unread.slice(0, 5).join('\n'))
    })

    test('what PostgreSQL refuses is not understood', () => {
      const refused = texts.filter((sql) => treeOf(sql) === undefined)
      assert.deepEqual(
        refused.filter((sql) => isRead(analyze(sql, 'postgres'))),
        [],
      )
    })

    test('a tree with a change in it has the effect write', () => {
      const silent = texts.filter((sql) => {
        const tree = treeOf(sql)
        return tree !== undefined && changes(tree) && !mayWrite(analyze(sql, 'postgres'))
      })
      assert.deepEqual(silent, [])
    })

    test('every table in the tree is among the relations', () => {
      const silent = texts.filter((sql) => {
        const tree = treeOf(sql)
        return tree !== undefined && missingTables(tree, analyze(sql, 'postgres')).length > 0
      })
      assert.deepEqual(silent, [])
    })

    test('every call in the tree is among the functions', () => {
      const silent = texts.filter((sql) => {
        const tree = treeOf(sql)
        return tree !== undefined && missingCalls(tree, analyze(sql, 'postgres')).length > 0
      })
      assert.deepEqual(silent, [])
    })

    test('our words begin and end where those of PostgreSQL do', () => {
      const different = texts.filter((sql) => {
        const theirs = scannedWords(sql)
        return theirs !== undefined && theirs !== ourWords(sql)
      })
      assert.deepEqual(different, [])
    })
  })
}

function isRead({ statements, isComplete }: Analysis): boolean {
  return isComplete && statements.length > 0
}

/** EXPLAIN without ANALYZE only plans. */
function changes(tree: string): boolean {
  return /"(?:Insert|Update|Delete|Merge)Stmt"/.test(tree) && !tree.includes('"ExplainStmt"')
}

function mayWrite({ statements, isComplete }: Analysis): boolean {
  return !isComplete || statements.some(({ effects }) => effects.includes('write'))
}

/** Common table expressions hide names: tests/conformance/postgres-scopes.test.ts compares those with a server. */
function missingTables(tree: string, { statements, isComplete }: Analysis): readonly string[] {
  const names = statements.flatMap(({ relations }) => relations.map((relation) => relation.name))
  if (!isComplete || tree.includes('"ctes"') || names.includes('*')) return []
  return tablesIn(JSON.parse(tree)).filter((table) => !names.includes(table))
}

/** Of each RangeVar but those that name aliases or constraints. */
function tablesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, child]) => {
    if (key === 'lockedRels' || key === 'ConstraintsSetStmt') return []
    return key === 'relname' && typeof child === 'string' ? [child] : tablesIn(child)
  })
}

/** Of statements that are looked into: an opaque one has the relation `*`. */
function missingCalls(tree: string, { statements, isComplete }: Analysis): readonly string[] {
  const isOpaque = statements.some(({ relations }) => relations.some(({ name }) => name === '*'))
  if (!isComplete || isOpaque) return []
  const names = statements.flatMap(({ functions }) => functions.map((call) => call.name))
  const calls = tree.matchAll(
    /"funcname":\[(?:\{"String":\{"sval":"[^"]*"\}\},?)*?\{"String":\{"sval":"([^"]*)"\}\}\]/g,
  )
  return [...calls].flatMap(([, name = '']) => (names.includes(name) ? [] : [name]))
}

// N'…' is one word of ours and two of theirs; offsets of theirs are bytes.
function scannedWords(sql: string): string | undefined {
  if (!/^[\0-\x7f]*$/.test(sql) || /\bn'/i.test(sql)) return undefined
  try {
    return scanSync(sql)
      .tokens.map(({ start, end }) => `${start}-${end}`)
      .join(' ')
  } catch {
    return undefined
  }
}

function ourWords(sql: string): string {
  return analyze(sql, 'postgres')
    .tokens.map(({ start, end }) => `${start}-${end}`)
    .join(' ')
}
