// What judged statements mean for the session.
import type { Analysis, Statement } from '@articdbm/sql'
import type { Ticket } from '../admit/admission.ts'
import { isHarmless } from './parameters.ts'

/** Why the backend connection belongs to the session from this statement on; undefined where it doesn't. */
export function pinReasonOf(statement: Statement): string | undefined {
  for (const effect of statement.session) {
    if (effect.kind === 'pin') return effect.reason
    if (effect.kind === 'discard' && statement.kind === 'reset') return 'RESET ALL'
    if (effect.kind === 'prepare') return `PREPARE ${effect.name}`
    if (effect.kind === 'set' && effect.scope === 'session') return `SET ${effect.name}`
  }
  return undefined
}

/** It asks for a sequence's value in this session before it can have used one: on a shared connection that is another's. */
export function asksForPast({ statements }: Analysis): boolean {
  const at = statements.findIndex((statement) => calls(statement, /^(?:currval|lastval)$/))
  const before = statements.slice(0, at)
  const isOwn = before.some(({ effects }) => effects.includes('write'))
  return at >= 0 && !isOwn && !calls(statements[at], /^nextval$/)
}

function calls(statement: Statement | undefined, name: RegExp): boolean {
  return statement?.functions.some((call) => name.test(call.name)) ?? false
}

/** A lone SET of a harmless setting to a plain value: any connection can be given it again. */
export function replayableSetting(
  statements: readonly Statement[],
): { readonly name: string; readonly value: string } | undefined {
  const [statement, more] = statements
  const [effect, another] = statement?.session ?? []
  if (more || another || effect?.kind !== 'set' || effect.scope !== 'session') return undefined
  const { name, value } = effect
  if (value === undefined || /^default$/i.test(value) || !isHarmless(name)) return undefined
  return statement?.kind.startsWith('set') ? { name, value } : undefined
}

/** A lone RESET: the setting, undefined for all, is again as the session began with it. */
export function resetOf(
  statements: readonly Statement[],
): { readonly name: string | undefined } | undefined {
  const [statement, more] = statements
  const [effect, another] = statement?.session ?? []
  if (more || another || statement?.kind !== 'reset') return undefined
  if (effect?.kind === 'discard') return { name: undefined }
  return effect?.kind === 'set' && isHarmless(effect.name) ? { name: effect.name } : undefined
}

/** Several statements in one text that end as one. */
export function joined(tickets: readonly Ticket[]): Ticket {
  const [first] = tickets
  if (first && tickets.length === 1) return first
  return {
    id: first?.id ?? '',
    forwarded: () => {
      for (const ticket of tickets) ticket.forwarded()
    },
    end: (ending) => {
      for (const ticket of tickets) ticket.end(ending)
    },
  }
}

/** It says what it defines: what can't be looked into, as DO, may define something every time it runs, and hardly ever does. */
export function changesDefinition({ effects, relations }: Statement): boolean {
  return effects.includes('define') && relations.every(({ name }) => name !== '*')
}
