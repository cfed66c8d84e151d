import type { Finding } from '@articdbm/contract'
import type { Analysis, FunctionCall } from '@articdbm/sql'

const DELAYS = /^(?:sleep|benchmark|pg_sleep|pg_sleep_for|pg_sleep_until|randomblob)$/

/** Functions that reach what no table holds: files, commands, the network, or time itself. */
export function findReach(analysis: Analysis): readonly Finding[] {
  return analysis.statements
    .flatMap((statement) => statement.functions)
    .filter((call) => call.danger === 'danger' || DELAYS.test(call.name))
    .map((call) => (DELAYS.test(call.name) ? delay(call) : reach(call)))
}

function delay(call: FunctionCall): Finding {
  return {
    ...place(call),
    category: 'time',
    confidence: 60,
    why: `${call.name} makes the database wait`,
  }
}

function reach(call: FunctionCall): Finding {
  return {
    ...place(call),
    category: 'reach',
    confidence: 60,
    why: `${call.name} reaches beyond tables`,
  }
}

function place(call: FunctionCall): { readonly start: number; readonly end: number } {
  return { start: call.start, end: call.start + call.name.length }
}
