import { randomUUID } from 'node:crypto'
import type { SessionOpened } from '@articdbm/contract'
import type { SessionFacts } from '../session-facts.ts'
import { type Found, shown } from './candidates.ts'
import type { Arrival } from './identity.ts'
import type { IdentityOptions } from './options.ts'

export function opened(
  facts: SessionFacts,
  arrival: Arrival,
  options: IdentityOptions,
): SessionOpened {
  return {
    ...eventBase(arrival, options),
    session: facts.id,
    door: facts.door,
    principalId: facts.principal.id,
    principal: facts.principal.name,
    address: facts.address,
    isRefused: false,
    message: '',
  }
}

export function refused(
  found: Found,
  arrival: Arrival,
  options: IdentityOptions,
  message: string,
): SessionOpened {
  const { principal, claims } = found
  return {
    ...eventBase(arrival, options),
    session: '',
    door: claims?.door ?? arrival.door,
    principalId: principal?.id ?? '',
    principal: principal?.name ?? shown(found.user),
    address: claims?.address ?? arrival.address,
    isRefused: true,
    message,
  }
}

function eventBase(arrival: Arrival, options: IdentityOptions) {
  return {
    kind: 'session.opened' as const,
    id: randomUUID(),
    at: new Date(options.nowMs()).toISOString(),
    gateway: options.gateway,
    application: arrival.application.slice(0, 255),
    database: arrival.database.slice(0, 255),
  }
}
