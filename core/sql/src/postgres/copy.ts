import { touchEverything, touchRangeVar } from './draft.ts'
import { bareOf, isTrue, type Tree } from './tree.ts'
import { type Place, visitValue } from './walk.ts'

/** COPY moves rows between a table or query and the client; a file or a program is the server's. */
export function readCopy(fields: Tree, at: Place): string {
  const isFrom = isTrue(fields, 'is_from')
  const table = bareOf(fields, 'relation')
  if (table !== undefined) touchRangeVar(at.draft, table, isFrom ? 'write' : 'read')
  visitValue(fields.query, at)
  visitValue(fields.whereClause, at)
  visitValue(fields.options, at)
  if (fields.filename === undefined && !isTrue(fields, 'is_program')) {
    at.draft.session.push({ kind: 'copy', direction: isFrom ? 'in' : 'out' })
    return 'copy'
  }
  noteServerSide(isTrue(fields, 'is_program') ? 'copy program' : 'copy file', at)
  return 'copy'
}

function noteServerSide(name: string, { draft }: Place): void {
  touchEverything(draft)
  const start = draft.source.words[0]?.start ?? 0
  draft.functions.push({ schema: undefined, name, danger: 'danger', start })
}
