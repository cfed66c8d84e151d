// DDL whose tables can be read off the statement: it defines and writes what it names, and reads what its queries read.
import { DROP_STATEMENTS, objectWords } from './define-objects.ts'
import { type Draft, giveUp, touchEverything, touchRangeVar } from './draft.ts'
import { pinIfTemporary } from './query.ts'
import { bareOf, isTrue, nodeIn, type Tree, textOf } from './tree.ts'
import {
  leaves,
  type Place,
  passThrough,
  type StatementReader,
  type Visitor,
  visit,
  visitChildren,
} from './walk.ts'

export const DEFINE_ROWS: Readonly<Record<string, Visitor>> = {
  ...passThrough([
    'ColumnDef',
    'PartitionBoundSpec',
    'PartitionCmd',
    'PartitionElem',
    'PartitionRangeDatum',
    'PartitionSpec',
    'DefElem',
    'StatsElem',
    'VacuumRelation',
  ]),
  ...leaves(['ObjectWithArgs', 'ReplicaIdentityStmt', 'RoleSpec', 'ATAlterConstraint']),
  AlterTableCmd: visitAlterCommand,
  Constraint: visitConstraint,
  TableLikeClause: (fields, at) =>
    visitChildren('TableLikeClause', fields, { ...at, access: 'read' }),
}

/** DROP COLUMN … CASCADE drops the views that show the column. */
function visitAlterCommand(fields: Tree, at: Place): void {
  if (fields.behavior === 'DROP_CASCADE') touchEverything(at.draft)
  visitChildren('AlterTableCmd', fields, at)
}

/** The table of a foreign key is only looked at. */
function visitConstraint(fields: Tree, at: Place): void {
  const referenced = bareOf(fields, 'pktable')
  if (referenced !== undefined) touchRangeVar(at.draft, referenced, 'read')
  visitChildren('Constraint', fields, at, ['pktable'])
}

export const DEFINE_STATEMENTS: Readonly<Record<string, StatementReader>> = {
  ...DROP_STATEMENTS,
  CreateStmt: definition('CreateStmt', () => 'create table'),
  AlterTableStmt: definition(
    'AlterTableStmt',
    (fields) => `alter ${objectWords(textOf(fields, 'objtype') ?? '')}`,
  ),
  IndexStmt: definition('IndexStmt', () => 'create index'),
  ViewStmt: definition('ViewStmt', () => 'create view'),
  CreateSeqStmt: definition('CreateSeqStmt', () => 'create sequence'),
  AlterSeqStmt: definition('AlterSeqStmt', () => 'alter sequence'),
  CreatePolicyStmt: definition('CreatePolicyStmt', () => 'create policy'),
  AlterPolicyStmt: definition('AlterPolicyStmt', () => 'alter policy'),
  CreateStatsStmt: definition('CreateStatsStmt', () => 'create statistics'),
  RefreshMatViewStmt: definition('RefreshMatViewStmt', () => 'refresh materialized view'),
  CreateTableAsStmt: readCreateTableAs,
  TruncateStmt: definition('TruncateStmt', () => 'truncate'),
  VacuumStmt: definition('VacuumStmt', (fields) =>
    isTrue(fields, 'is_vacuumcmd') ? 'vacuum' : 'analyze',
  ),
  ClusterStmt: definition('ClusterStmt', () => 'cluster'),
  ReindexStmt: definition('ReindexStmt', () => 'reindex'),
}

function definition(type: string, kindOf: (fields: Tree) => string): StatementReader {
  return (fields, at) => {
    at.draft.effects.add('define')
    visitChildren(type, fields, { ...at, access: 'write' })
    pinTemporary(fields, at)
    noteReach(fields, at.draft)
    return kindOf(fields)
  }
}

const OWN_RELATIONS = ['relation', 'view', 'sequence'] as const

function pinTemporary(fields: Tree, at: Place): void {
  for (const name of OWN_RELATIONS) {
    const relation = bareOf(fields, name)
    if (relation !== undefined) pinIfTemporary(relation, at)
  }
}

/** CASCADE reaches tables that the statement doesn't name; so does VACUUM without a table. */
function noteReach(fields: Tree, draft: Draft): void {
  const writes = [...draft.relations.values()].some(({ access }) => access === 'write')
  if (!writes || fields.behavior === 'DROP_CASCADE') touchEverything(draft)
}

function readCreateTableAs(fields: Tree, at: Place): string {
  const query = nodeIn(fields.query)
  const into = bareOf(fields, 'into')
  const kind = fields.objtype === 'OBJECT_MATVIEW' ? 'create materialized view' : 'create table as'
  if (into !== undefined) visit('IntoClause', into, at)
  if (query === undefined || query.type === 'ExecuteStmt' || into === undefined) {
    touchEverything(at.draft)
    giveUp(at.draft, `${kind} from a prepared statement`)
    return kind
  }
  at.draft.effects.add('read')
  visit(query.type, query.fields, { ...at, access: 'read' })
  return kind
}
