import type { SessionEffect, Statement } from '@articdbm/sql'
import { Following, type Prepared } from './prepared.ts'

/** Replaces each EXECUTE by what it executes; a name that isn't known makes the statement incomplete. */
export function resolveExecutes(
  statements: readonly Statement[],
  prepared: Prepared,
): readonly Statement[] {
  if (!statements.some(touchesPrepared)) return statements
  const known = new Following(prepared)
  return statements.map((statement) => {
    const resolved = resolveOne(statement, known)
    known.follow(statement)
    return resolved
  })
}

function touchesPrepared(statement: Statement): boolean {
  return statement.session.some(({ kind }) => kind === 'execute' || kind === 'prepare')
}

function resolveOne(statement: Statement, known: Prepared): Statement {
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
  if (!inner) return { ...outer, isComplete: false, why: whyUnknown(name) }
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

/** Why an EXECUTE of this name is incomplete. */
export function whyUnknown(name: string): string {
  return `what "${name}" executes is not known to this session`
}

/** EXECUTE in EXECUTE, and what the session itself must carry out. */
export function isBeyondPreparing({ dialect, session }: Statement): boolean {
  return session.some(({ kind }) =>
    dialect === 'postgres' ? !SQL_PREPARES.has(kind) : SESSION_CARRIES_OUT.has(kind),
  )
}

const SESSION_CARRIES_OUT: ReadonlySet<SessionEffect['kind']> = new Set([
  'execute',
  'prepare',
  'use',
  'kill',
])
/** PREPARE takes queries alone, whose functions may do this; Parse takes BEGIN, COPY and DEALLOCATE, too. */
const SQL_PREPARES: ReadonlySet<SessionEffect['kind']> = new Set(['set', 'pin'])
