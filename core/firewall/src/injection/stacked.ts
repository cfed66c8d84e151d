import type { Finding } from '@articdbm/contract'
import type { Analysis, Statement } from '@articdbm/sql'

const DATA = new Set(['select', 'insert', 'update', 'delete', 'replace', 'values'])

/** A statement that reads or changes rows by literals, followed by one that defines, or by a delay. */
export function findStacked(analysis: Analysis): readonly Finding[] {
  const [first, ...others] = analysis.statements
  if (!first || !DATA.has(first.kind) || first.literals.length === 0) return []
  return others.filter(isForeign).map((statement) => ({
    category: 'stacked',
    confidence: 70,
    start: statement.start,
    end: statement.end,
    why: `"${statement.kind}" is stacked after a ${first.kind}`,
  }))
}

function isForeign(statement: Statement): boolean {
  return (
    statement.effects.includes('define') ||
    statement.functions.some((call) => call.danger === 'danger')
  )
}
