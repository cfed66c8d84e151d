// Expressions. Each type that holds nothing but its children is named; others have a visitor of their own.
import { visitFunctionCall, visitOperator } from './call.ts'
import { namesIn, type Tree, textOf } from './tree.ts'
import { leaves, type Place, passThrough, type Visitor, visitChildren } from './walk.ts'

export const EXPRESSION_ROWS: Readonly<Record<string, Visitor>> = {
  ...leaves([
    'A_Const',
    'A_Star',
    'BitString',
    'Boolean',
    'CaseTestExpr',
    'CurrentOfExpr',
    'Float',
    'Integer',
    'JsonFormat',
    'JsonTablePathSpec',
    'MergeSupportFunc',
    'ParamRef',
    'SetToDefault',
    'SQLValueFunction',
    'String',
  ]),
  ...passThrough([
    'A_ArrayExpr',
    'A_Indices',
    'A_Indirection',
    'BoolExpr',
    'BooleanTest',
    'CaseExpr',
    'CaseWhen',
    'CoalesceExpr',
    'CollateClause',
    'GroupingFunc',
    'JsonAggConstructor',
    'JsonArgument',
    'JsonArrayAgg',
    'JsonArrayConstructor',
    'JsonArrayQueryConstructor',
    'JsonBehavior',
    'JsonFuncExpr',
    'JsonIsPredicate',
    'JsonKeyValue',
    'JsonObjectAgg',
    'JsonObjectConstructor',
    'JsonOutput',
    'JsonParseExpr',
    'JsonReturning',
    'JsonScalarExpr',
    'JsonSerializeExpr',
    'JsonTable',
    'JsonTableColumn',
    'JsonValueExpr',
    'MinMaxExpr',
    'MultiAssignRef',
    'NamedArgExpr',
    'NullTest',
    'ReturningClause',
    'RowExpr',
    'TypeCast',
    'TypeName',
    'XmlExpr',
    'XmlSerialize',
  ]),
  A_Expr: visitOperatorNode('A_Expr', 'name'),
  SortBy: visitOperatorNode('SortBy', 'useOp'),
  SubLink: visitSubLink,
  FuncCall: visitFunctionCall,
  ColumnRef: (fields, at) => at.draft.rows.noteColumn(fields),
  ReturningOption: (fields, at) => at.draft.rows.noteName(textOf(fields, 'value')),
}

function visitOperatorNode(type: string, names: string): Visitor {
  return (fields, at) => {
    visitOperator(namesIn(fields[names]), fields, at)
    visitChildren(type, fields, at, [names])
  }
}

/** A subquery in an expression. What it names is read, wherever it stands. */
function visitSubLink(fields: Tree, at: Place): void {
  visitOperator(namesIn(fields.operName), fields, at)
  const inner: Place = { ...at, access: 'read', locks: undefined }
  visitChildren('SubLink', fields, inner, ['operName'])
}
