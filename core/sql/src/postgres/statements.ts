// Which reader reads which statement. A type without one makes the statement incomplete.
import { CHANGE_ROWS } from './change.ts'
import { readCopy } from './copy.ts'
import { DEFINE_ROWS, DEFINE_STATEMENTS } from './define.ts'
import { giveUp, touchEverything } from './draft.ts'
import { explainReader } from './explain.ts'
import { EXPRESSION_ROWS } from './expression.ts'
import { OPAQUE_STATEMENTS } from './opaque.ts'
import { QUERY_ROWS } from './query.ts'
import { SESSION_STATEMENTS } from './session.ts'
import { readTransaction } from './transaction.ts'
import { nodeIn, type Tree } from './tree.ts'
import { type Place, type Rows, type StatementReader, visit } from './walk.ts'

export const ROWS: Rows = new Map(
  Object.entries({ ...EXPRESSION_ROWS, ...QUERY_ROWS, ...CHANGE_ROWS, ...DEFINE_ROWS }),
)

const READERS: ReadonlyMap<string, StatementReader> = new Map(
  Object.entries({
    ...SESSION_STATEMENTS,
    ...DEFINE_STATEMENTS,
    ...OPAQUE_STATEMENTS,
    SelectStmt: readSelect,
    InsertStmt: changeReader('InsertStmt', 'insert'),
    UpdateStmt: changeReader('UpdateStmt', 'update'),
    DeleteStmt: changeReader('DeleteStmt', 'delete'),
    MergeStmt: changeReader('MergeStmt', 'merge'),
    TransactionStmt: readTransaction,
    CopyStmt: readCopy,
    CallStmt: readCall,
    ExplainStmt: explainReader((fields, at) => readStatement(fields.query, at)),
  }),
)

export function readStatement(value: unknown, at: Place): string {
  const node = nodeIn(value)
  const reader = node === undefined ? undefined : READERS.get(node.type)
  if (node !== undefined && reader !== undefined) return reader(node.fields, at)
  giveUp(at.draft, `${node?.type ?? 'a statement'} is not understood`)
  return ''
}

function readSelect(fields: Tree, at: Place): string {
  at.draft.effects.add('read')
  visit('SelectStmt', fields, at)
  return fields.valuesLists === undefined ? 'select' : 'values'
}

function changeReader(type: string, kind: string): StatementReader {
  return (fields, at) => {
    visit(type, fields, at)
    return kind
  }
}

/** A procedure may do anything; its arguments are expressions like any. */
function readCall(fields: Tree, at: Place): string {
  touchEverything(at.draft)
  const call = fields.funccall
  if (nodeIn({ FuncCall: call }) === undefined) giveUp(at.draft, 'CALL of nothing')
  else visit('FuncCall', call as Tree, at)
  return 'call'
}
