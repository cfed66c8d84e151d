import type { createMemoryAudit } from '../support/memory-audit.ts'

const STATEMENT = '"statement.recorded"'

/** Ten million records would not fit into memory: it counts the statements it is told of. */
export class CountingAudit {
  statements = 0

  audit(): ReturnType<typeof createMemoryAudit> {
    return {
      record: (lines, recorded) => {
        this.statements += countOf(lines)
        recorded(undefined)
      },
      note: (_lines, noted) => noted(undefined),
    }
  }
}

function countOf(lines: string): number {
  let count = 0
  for (let at = lines.indexOf(STATEMENT); at >= 0; at = lines.indexOf(STATEMENT, at + 1)) count += 1
  return count
}
