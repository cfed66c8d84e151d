import type { SessionEffect, Statement } from '@articdbm/sql'
import { preparedChanges } from '../admit/prepared.ts'
import { PostgresFault } from './fault.ts'
import type { Names } from './names.ts'
import { RESERVED_PREFIX } from './prepared-statement.ts'

type Mention = Extract<SessionEffect, { kind: 'prepare' | 'execute' | 'deallocate' }>

/** The names of prepared statements that these execute, make or forget, each once. */
export function mentionsOf(statements: readonly Statement[]): readonly string[] {
  return [...new Set(statements.flatMap(mentioned).flatMap(({ name }) => name ?? []))]
}

function mentioned({ session }: Statement): readonly Mention[] {
  return session.filter(
    (effect): effect is Mention =>
      effect.kind === 'prepare' || effect.kind === 'execute' || effect.kind === 'deallocate',
  )
}

/** DEALLOCATE ALL, DISCARD ALL. */
export function forgetsAll(statement: Statement): boolean {
  return preparedChanges(statement).some(({ name }) => name === undefined)
}

/** Why these may not name prepared statements so. What is shared by sessions can be named by none of them. */
export function misnamed(
  statements: readonly Statement[],
  { names, maxPrepared }: { readonly names: Names; readonly maxPrepared: number },
): PostgresFault | undefined {
  const mentions = statements.flatMap(mentioned)
  const reserved = mentions.find(({ name }) => name?.startsWith(RESERVED_PREFIX))
  if (reserved) return reservedName(reserved)
  const made = mentions.filter(({ kind }) => kind === 'prepare').length
  return made > 0 && names.namedCount + made > maxPrepared ? tooMany(maxPrepared) : undefined
}

function reservedName({ kind, name }: Mention): PostgresFault {
  if (kind !== 'prepare') return noStatement(name ?? '')
  return new PostgresFault(
    '42939',
    `names of prepared statements can not begin with "${RESERVED_PREFIX}"`,
  )
}

export function tooMany(limit: number): PostgresFault {
  return new PostgresFault(
    '53400',
    `a session may have ${limit} prepared statements at once`,
    'DEALLOCATE those that are no longer needed.',
  )
}

export function noStatement(name: string): PostgresFault {
  const what = name === '' ? 'unnamed prepared statement' : `prepared statement "${name}"`
  return new PostgresFault('26000', `${what} does not exist`)
}
