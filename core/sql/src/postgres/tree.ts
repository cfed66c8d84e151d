// The parse tree as libpg-query writes it: a node stands as {"TypeName": {fields}}, or bare where the field's
// type is fixed. Fields that hold zero, false or '' are absent.

export type Tree = Readonly<Record<string, unknown>>

export interface Node {
  readonly type: string
  readonly fields: Tree
}

export function textOf(fields: Tree, name: string): string | undefined {
  const value = fields[name]
  return typeof value === 'string' ? value : undefined
}

export function numberOf(fields: Tree, name: string): number {
  const value = fields[name]
  return typeof value === 'number' ? value : 0
}

export function isTrue(fields: Tree, name: string): boolean {
  return fields[name] === true
}

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The fields of a bare child. */
export function bareOf(fields: Tree, name: string): Tree | undefined {
  const value = fields[name]
  return isTree(value) ? value : undefined
}

/** The node wrapped in a value, if one is there. */
export function nodeIn(value: unknown): Node | undefined {
  if (!isTree(value)) return undefined
  for (const type in value) {
    const fields = value[type]
    return isTree(fields) && isTypeName(type) ? { type, fields } : undefined
  }
  return undefined
}

export function nodesIn(value: unknown): readonly Node[] {
  return Array.isArray(value) ? value.flatMap((item) => nodeIn(item) ?? []) : []
}

/** Fields are written in lower case, types with a capital. */
export function isTypeName(key: string): boolean {
  const first = key.charCodeAt(0)
  return first >= 65 && first <= 90
}

/** The strings of a list of String nodes: a name in parts. */
export function namesIn(value: unknown): readonly string[] {
  return nodesIn(value).flatMap(({ type, fields }) =>
    type === 'String' ? [textOf(fields, 'sval') ?? ''] : [],
  )
}

/** The types of bare children, by "Type.field" where the field's name alone doesn't tell. */
export function bareType(type: string, field: string): string | undefined {
  return BARE[`${type}.${field}`] ?? BARE[field]
}

const BARE: Readonly<Record<string, string>> = {
  'JsonArrayAgg.arg': 'JsonValueExpr',
  'JsonObjectAgg.arg': 'JsonKeyValue',
  'CreateOpClassItem.name': 'ObjectWithArgs',
  'PartitionCmd.name': 'RangeVar',
  action: 'GrantStmt',
  alias: 'Alias',
  argType: 'TypeName',
  authrole: 'RoleSpec',
  base: 'CreateStmt',
  bound: 'PartitionBoundSpec',
  collClause: 'CollateClause',
  constrrel: 'RangeVar',
  context_item: 'JsonValueExpr',
  cycle_clause: 'CTECycleClause',
  datatype: 'TypeName',
  expr: 'JsonValueExpr',
  format: 'JsonFormat',
  fromsql: 'ObjectWithArgs',
  func: 'ObjectWithArgs',
  funccall: 'FuncCall',
  grantor: 'RoleSpec',
  identitySequence: 'RangeVar',
  infer: 'InferClause',
  into: 'IntoClause',
  intoClause: 'IntoClause',
  join_using_alias: 'Alias',
  larg: 'SelectStmt',
  newowner: 'RoleSpec',
  newrole: 'RoleSpec',
  ofTypename: 'TypeName',
  onConflictClause: 'OnConflictClause',
  on_empty: 'JsonBehavior',
  on_error: 'JsonBehavior',
  opername: 'ObjectWithArgs',
  output: 'JsonOutput',
  over: 'WindowDef',
  owner: 'RoleSpec',
  partbound: 'PartitionBoundSpec',
  partspec: 'PartitionSpec',
  pathspec: 'JsonTablePathSpec',
  pktable: 'RangeVar',
  pubtable: 'PublicationTable',
  rarg: 'SelectStmt',
  rel: 'RangeVar',
  relation: 'RangeVar',
  returnType: 'TypeName',
  returning: 'JsonReturning',
  returningClause: 'ReturningClause',
  role: 'RoleSpec',
  search_clause: 'CTESearchClause',
  sequence: 'RangeVar',
  setstmt: 'VariableSetStmt',
  sourcetype: 'TypeName',
  storedtype: 'TypeName',
  table: 'RangeVar',
  targettype: 'TypeName',
  tosql: 'ObjectWithArgs',
  typeName: 'TypeName',
  type_name: 'TypeName',
  typevar: 'RangeVar',
  user: 'RoleSpec',
  val: 'JsonValueExpr',
  value: 'JsonValueExpr',
  view: 'RangeVar',
  withClause: 'WithClause',
}
