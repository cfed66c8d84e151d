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
  return others.map((statement) => ({
    category: 'stacked',
    confidence: weigh(first, statement, analysis),
    start: statement.start,
    end: statement.end,
    why: `"${statement.kind}" is stacked after a ${first.kind}`,
  }))
}

const FOREIGN =
  /^(?:exec|execute|shutdown|declare|waitfor|grant|revoke|call|copy|drop|truncate|alter|create|set|attach|load)\b/

function weigh(first: Statement, statement: Statement, { tokens }: Analysis): number {
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
