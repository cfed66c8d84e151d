// DROP, COMMENT, RENAME, SET SCHEMA, OWNER TO, SECURITY LABEL: statements that name an object of some type.
import { touch, touchEverything, touchRangeVar } from './draft.ts'
import { bareOf, namesIn, nodeIn, nodesIn, type Tree, textOf } from './tree.ts'
import type { Place, StatementReader } from './walk.ts'

export const DROP_STATEMENTS: Readonly<Record<string, StatementReader>> = {
  DropStmt: readDrop,
  CommentStmt: (fields, at) => readNamed('comment on', fields, at),
  SecLabelStmt: (fields, at) => readNamed('security label', fields, at),
  RenameStmt: (fields, at) => readAlter(renamedType(fields), fields, at),
  AlterObjectSchemaStmt: (fields, at) => readAlter(fields.objectType, fields, at),
  AlterOwnerStmt: (fields, at) => readAlter(fields.objectType, fields, at),
}

const RELATIONS = new Set([
  'OBJECT_FOREIGN_TABLE',
  'OBJECT_INDEX',
  'OBJECT_MATVIEW',
  'OBJECT_SEQUENCE',
  'OBJECT_TABLE',
  'OBJECT_VIEW',
])

/** Named as table.part. */
const PARTS_OF_RELATIONS = new Set([
  'OBJECT_COLUMN',
  'OBJECT_POLICY',
  'OBJECT_RULE',
  'OBJECT_TABCONSTRAINT',
  'OBJECT_TRIGGER',
])

function readDrop(fields: Tree, at: Place): string {
  at.draft.effects.add('define')
  const type = textOf(fields, 'removeType') ?? ''
  for (const object of nodesIn(fields.objects)) touchObject(type, namesOf(object.fields), at)
  // CASCADE also drops what depends on it.
  if (fields.behavior === 'DROP_CASCADE') touchEverything(at.draft)
  return `drop ${objectWords(type)}`
}

function namesOf(fields: Tree): readonly string[] {
  return namesIn(fields.items)
}

function touchObject(type: string, names: readonly string[], { draft }: Place): void {
  const relation = relationNames(type, names)
  const name = relation.at(-1)
  if (name === undefined) {
    touchEverything(draft)
    return
  }
  touch(draft, { schema: relation.at(-2), name, access: 'write' })
}

function relationNames(type: string, names: readonly string[]): readonly string[] {
  if (RELATIONS.has(type)) return names
  return PARTS_OF_RELATIONS.has(type) ? names.slice(0, -1) : []
}

function readNamed(kind: string, fields: Tree, at: Place): string {
  at.draft.effects.add('define')
  const object = nodeIn(fields.object)
  touchObject(
    textOf(fields, 'objtype') ?? '',
    object === undefined ? [] : namesOf(object.fields),
    at,
  )
  return kind
}

/** ALTER TABLE … RENAME COLUMN and CONSTRAINT are statements on the table. */
function renamedType(fields: Tree): unknown {
  if (fields.renameType === 'OBJECT_TABCONSTRAINT') return 'OBJECT_TABLE'
  return fields.renameType === 'OBJECT_COLUMN' ? fields.relationType : fields.renameType
}

/** ALTER … RENAME, SET SCHEMA, OWNER TO. What gets a new place is written there too. */
function readAlter(objectType: unknown, fields: Tree, at: Place): string {
  at.draft.effects.add('define')
  const relation = bareOf(fields, 'relation')
  if (relation === undefined) touchEverything(at.draft)
  else touchMoved(relation, fields, at)
  return `alter ${objectWords(typeof objectType === 'string' ? objectType : '')}`
}

function touchMoved(relation: Tree, fields: Tree, { draft }: Place): void {
  touchRangeVar(draft, relation, 'write')
  const schema = textOf(fields, 'newschema')
  if (schema !== undefined) touchRangeVar(draft, { ...relation, schemaname: schema }, 'write')
  const name = textOf(fields, 'newname')
  if (name === undefined || !RELATIONS.has(textOf(fields, 'renameType') ?? '')) return
  touchRangeVar(draft, { ...relation, relname: name }, 'write')
}

const WORDS: Readonly<Record<string, string>> = {
  OBJECT_ACCESS_METHOD: 'access method',
  OBJECT_EVENT_TRIGGER: 'event trigger',
  OBJECT_FDW: 'foreign data wrapper',
  OBJECT_FOREIGN_SERVER: 'server',
  OBJECT_FOREIGN_TABLE: 'foreign table',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_OPCLASS: 'operator class',
  OBJECT_OPFAMILY: 'operator family',
  OBJECT_STATISTIC_EXT: 'statistics',
  OBJECT_TABCONSTRAINT: 'constraint',
  OBJECT_DOMCONSTRAINT: 'constraint',
  OBJECT_TSCONFIGURATION: 'text search configuration',
  OBJECT_TSDICTIONARY: 'text search dictionary',
  OBJECT_TSPARSER: 'text search parser',
  OBJECT_TSTEMPLATE: 'text search template',
}

/** An object's type as SQL writes it. */
export function objectWords(type: string): string {
  return WORDS[type] ?? type.replace('OBJECT_', '').toLowerCase()
}
