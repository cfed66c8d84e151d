import type { Statement } from '@articdbm/sql'
import { followPrepared } from './prepared.ts'

/** Replaces each EXECUTE by what it executes; a name that isn't known makes the statement incomplete. */
export function resolveExecutes(
  statements: readonly Statement[],
  prepared: ReadonlyMap<string, Statement>,
): readonly Statement[] {
  if (!statements.some(touchesPrepared)) return statements
  let known = prepared
  return statements.map((statement) => {
    const resolved = resolveOne(statement, known)
    known = followPrepared(known, statement)
    return resolved
  })
}

function touchesPrepared(statement: Statement): boolean {
  return statement.session.some(({ kind }) => kind === 'execute' || kind === 'prepare')
}

function resolveOne(statement: Statement, known: ReadonlyMap<string, Statement>): Statement {
  return statement.session.reduce(
    (resolved, effect) =>
      effect.kind === 'execute' ? join(resolved, known.get(effect.name), effect.name) : resolved,
    withPrepared(statement),
  )
}

/** PREPARE itself is judged by what it prepares: nobody prepares what they may not execute. */
function withPrepared(statement: Statement): Statement {
  return statement.session.reduce(
    (resolved, effect) =>
      effect.kind === 'prepare' ? join(resolved, effect.prepared, effect.name) : resolved,
    statement,
  )
}

function join(outer: Statement, inner: Statement | undefined, name: string): Statement {
  if (!inner) {
    const why = `what "${name}" executes is not known to this session`
    return { ...outer, isComplete: false, why }
  }
  return {
    ...outer,
    effects: [...new Set([...outer.effects, ...inner.effects])],
    relations: [...outer.relations, ...inner.relations],
    functions: [...outer.functions, ...inner.functions],
    session: [...outer.session, ...inner.session.filter(({ kind }) => kind !== 'execute')],
    isComplete: outer.isComplete && inner.isComplete && !isBeyondPreparing(inner),
    why: outer.why || inner.why || (isBeyondPreparing(inner) ? 'this can not be prepared' : ''),
  }
}

/** EXECUTE in EXECUTE, and what the session itself must carry out. */
export function isBeyondPreparing(inner: Statement): boolean {
  return inner.session.some(({ kind }) => ['execute', 'prepare', 'use', 'kill'].includes(kind))
}
