import type { Finding } from '@articdbm/contract'
import type { Analysis, Statement } from '@articdbm/sql'
import { isCatalog } from './catalogs.ts'

const DATA = new Set(['select', 'insert', 'update', 'delete', 'replace', 'values'])

/** A statement that reads or changes rows by literals, followed by one that an application doesn't send along with it. */
export function findStacked(analysis: Analysis): readonly Finding[] {
  const [first, ...others] = analysis.statements
  if (!first || !DATA.has(first.kind) || first.literals.length === 0) return []
  // Where no table is touched, nobody was meant to be kept from one.
  if (first.relations.length === 0) return []
  return others.flatMap((statement) => {
    const confidence = weigh(first, statement, analysis)
    if (confidence === 0) return []
    const { start, end, kind } = statement
    const why = `"${kind}" is stacked after a ${first.kind}`
    return [{ category: 'stacked', confidence, start, end, why }]
  })
}

/** What drivers ask behind a change, in the same text. */
const OF_CHANGES = new Set(
  'last_insert_id row_count lastval currval last_insert_rowid changes'.split(' '),
)

/** Of the changed table's rows at most: `SELECT id FROM orders WHERE id = LAST_INSERT_ID()`. */
function tellsOfChange(first: Statement, { kind, functions, relations }: Statement): boolean {
  const changed = new Set(first.relations.map(({ name }) => name))
  const isAbout = relations.every(({ name, access }) => access === 'read' && changed.has(name))
  const isPlain = kind === 'select' && functions.length > 0 && isAbout
  const isChange = first.effects.includes('write')
  return isPlain && isChange && functions.every(({ name }) => OF_CHANGES.has(name.toLowerCase()))
}

const FOREIGN =
  /^(?:exec|execute|shutdown|declare|waitfor|grant|revoke|call|copy|drop|truncate|alter|create|set|attach|load)\b/

function weigh(first: Statement, statement: Statement, { tokens }: Analysis): number {
  if (tellsOfChange(first, statement)) return 0
  const isForeign =
    statement.effects.includes('define') ||
    FOREIGN.test(statement.kind) ||
    statement.functions.some(({ danger }) => danger === 'danger' || danger === 'unknown')
  if (isForeign) return 85
  const isWrite = statement.effects.includes('write')
  if (isWrite && first.kind === 'select') return 82
  if (
    statement.relations.some(({ schema, name }) => isCatalog(schema ? `${schema}.${name}` : name))
  )
    return 85
  const isCut = tokens.at(-1)?.kind === 'comment'
  const isBare = statement.kind === 'select' && statement.relations.length === 0
  return isCut || isBare ? 85 : 45
}
