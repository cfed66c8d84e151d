import type { Action } from '@articdbm/contract'
import type { FunctionCall, Relation, Statement } from '@articdbm/sql'
import { type GrantScope, holdsAnything, holdsEverywhere, maySee } from './grants.ts'
import { classifyRelation } from './resources.ts'
import type { Refusal } from './verdicts.ts'

/** Deny when nothing grants: each relation, each function, and the statement itself need somebody's leave. */
export function authorize(statement: Statement, scope: GrantScope): Refusal | undefined {
  if (!holdsAnything(scope)) return noGrant(scope, 'use', 'it')
  return (
    firstOf(statement.functions, (call) => refuseFunction(call, scope)) ??
    firstOf(statement.relations, (relation) => refuseRelation(statement, relation, scope)) ??
    refuseUnnamed(statement, scope)
  )
}

function refuseRelation(
  statement: Statement,
  relation: Relation,
  scope: GrantScope,
): Refusal | undefined {
  const action = actionFor(statement, relation)
  switch (classifyRelation(statement.dialect, relation)) {
    case 'any':
      return holdsEverywhere(scope, action) ? undefined : noGrant(scope, action, 'every table')
    case 'catalog':
      return relation.access === 'read' ? undefined : closed(relation)
    case 'secret':
      return refuseSecret(relation, scope)
    case 'table':
      return maySee(scope, relation, action) ? undefined : noGrant(scope, action, nameOf(relation))
  }
}

/** Reading needs `read`; changing needs `write`, or `admin` where the statement defines something. */
function actionFor(statement: Statement, relation: Relation): Action {
  if (relation.access === 'read') return 'read'
  return statement.effects.includes('define') ? 'admin' : 'write'
}

function refuseSecret(relation: Relation, scope: GrantScope): Refusal | undefined {
  if (scope.policy.blockDefaultResources) return closed(relation)
  const action = relation.access === 'read' ? 'read' : 'admin'
  return holdsEverywhere(scope, action) && holdsEverywhere(scope, 'admin')
    ? undefined
    : closed(relation)
}

function refuseFunction(call: FunctionCall, scope: GrantScope): Refusal | undefined {
  switch (call.danger) {
    case 'safe':
      return undefined
    case 'write':
      return holdsEverywhere(scope, 'write') ? undefined : noFunction(call, scope, 'write')
    case 'unknown':
      return holdsEverywhere(scope, 'write') ? undefined : noFunction(call, scope, 'write')
    case 'danger':
      return holdsEverywhere(scope, 'admin') ? undefined : noFunction(call, scope, 'admin')
  }
}

/** A change that names no relation: whoever makes it must be allowed to change anything. */
function refuseUnnamed(statement: Statement, scope: GrantScope): Refusal | undefined {
  if (statement.relations.some((relation) => relation.access === 'write')) return undefined
  if (statement.effects.includes('define')) return refuseWithout(scope, 'admin')
  if (statement.effects.includes('write')) return refuseWithout(scope, 'write')
  return undefined
}

function refuseWithout(scope: GrantScope, action: Action): Refusal | undefined {
  return holdsEverywhere(scope, action) ? undefined : noGrant(scope, action, 'every table')
}

function noGrant(scope: GrantScope, action: string, what: string): Refusal {
  return {
    rule: 'grant.missing',
    message: `permission denied: nothing grants ${scope.person} "${action}" on ${what} of database "${scope.database}"`,
  }
}

function noFunction(call: FunctionCall, scope: GrantScope, action: Action): Refusal {
  return {
    rule: call.danger === 'danger' ? 'function.dangerous' : 'function.ungranted',
    message: `permission denied: ${call.name} reaches beyond single tables, so it needs "${action}" on every table of database "${scope.database}"`,
  }
}

function closed(relation: Relation): Refusal {
  return {
    rule: 'resource.blocked',
    message: `permission denied: ${nameOf(relation)} belongs to the database system and is closed`,
  }
}

function nameOf(relation: Relation): string {
  return relation.schema === undefined
    ? `table "${relation.name}"`
    : `table "${relation.schema}.${relation.name}"`
}

function firstOf<T>(
  items: readonly T[],
  refusal: (item: T) => Refusal | undefined,
): Refusal | undefined {
  for (const item of items) {
    const found = refusal(item)
    if (found) return found
  }
  return undefined
}
