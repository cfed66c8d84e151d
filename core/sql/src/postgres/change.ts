// INSERT, UPDATE, DELETE, MERGE.
import { giveUp, touchRangeVar } from './draft.ts'
import { enterWith } from './query.ts'
import { bareOf, type Tree, textOf } from './tree.ts'
import { type Place, passThrough, type Visitor, visitChildren } from './walk.ts'

export const CHANGE_ROWS: Readonly<Record<string, Visitor>> = {
  ...passThrough(['OnConflictClause', 'InferClause', 'IndexElem', 'MergeWhenClause']),
  InsertStmt: (fields, at) => visitChange('InsertStmt', fields, at),
  UpdateStmt: (fields, at) => visitChange('UpdateStmt', fields, at),
  DeleteStmt: (fields, at) => visitChange('DeleteStmt', fields, at),
  MergeStmt: (fields, at) => visitChange('MergeStmt', fields, at),
}

function visitChange(type: string, fields: Tree, at: Place): void {
  const target = bareOf(fields, 'relation')
  if (target === undefined) {
    giveUp(at.draft, `${type} without a target`)
    return
  }
  const inner: Place = { ...enterWith(fields, at), access: 'read', locks: undefined }
  visitChildren(type, fields, inner, ['withClause', 'relation'])
  visitTarget(target, at)
  // What comes back is read.
  if (fields.returningClause !== undefined) touchRangeVar(at.draft, target, 'read')
}

/** A target is a real table even where a common table expression bears its name. */
function visitTarget(target: Tree, at: Place): void {
  touchRangeVar(at.draft, target, 'write')
  if (textOf(target, 'relname') === 'pg_settings') {
    // Its rule turns UPDATE into set_config.
    at.draft.session.push({ kind: 'set', scope: 'session', name: '*', value: undefined })
  }
}
