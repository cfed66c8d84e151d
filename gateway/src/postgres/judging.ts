// What judged statements mean for the session.
import type { Statement } from '@articdbm/sql'
import type { Ticket } from '../admit/admission.ts'
import { isHarmless } from './parameters.ts'

/** Why the backend connection belongs to the session from this statement on; undefined where it doesn't. */
export function pinReasonOf(statement: Statement): string | undefined {
  for (const effect of statement.session) {
    if (effect.kind === 'pin') return effect.reason
    if (effect.kind === 'prepare') return `PREPARE ${effect.name}`
    if (effect.kind === 'set' && effect.scope === 'session') return `SET ${effect.name}`
  }
  return undefined
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
