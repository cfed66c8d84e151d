import type { Statement } from '@articdbm/sql'

/** Follows SQL-level PREPARE, DEALLOCATE and DISCARD, so that EXECUTE can be judged by what it executes. */
export function followPrepared(
  prepared: ReadonlyMap<string, Statement>,
  statement: Statement,
): ReadonlyMap<string, Statement> {
  const next = new Map(prepared)
  for (const effect of statement.session) {
    if (effect.kind === 'prepare') remember(next, effect.name, effect.prepared)
    if (effect.kind === 'deallocate') forget(next, effect.name)
    if (effect.kind === 'discard') next.clear()
  }
  return next
}

function remember(names: Map<string, Statement>, name: string, statement?: Statement): void {
  if (statement) names.set(name, statement)
  else names.delete(name)
}

function forget(names: Map<string, Statement>, name: string | undefined): void {
  if (name === undefined) names.clear()
  else names.delete(name)
}
