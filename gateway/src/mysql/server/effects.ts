// What a statement leaves behind on its backend connection.
import { FeatureNotSupported } from '@articdbm/contract'
import type { SessionEffect, Statement } from '@articdbm/sql'
import { encodingNamed } from '@articdbm/wire/mysql'
import { settingOf } from '../backend/settings.ts'

const CHARSET_SETTINGS = new Set(['names', 'character_set', 'charset', 'character_set_client'])
/** The server's status flags tell of it in each answer. */
const FOLLOWED_SETTINGS = new Set(['autocommit'])
const SESSION_FUNCTIONS = new Set(['get_lock'])

/** Why the connection belongs to this session until its end; undefined where it doesn't. */
export function pinReason(statement: Statement): string | undefined {
  if (charsetOf(statement) !== undefined) return undefined
  const isPlainSet = statement.kind === 'set'
  for (const effect of statement.session) {
    if (isPlainSet && settingOf(effect)) continue
    const reason = reasonOf(effect)
    if (reason !== undefined) return reason
  }
  return statement.functions.find(({ name }) => SESSION_FUNCTIONS.has(name))?.name
}

function reasonOf(effect: SessionEffect): string | undefined {
  switch (effect.kind) {
    case 'pin':
      return effect.reason
    case 'prepare':
    case 'execute':
      return 'prepared statement'
    case 'set':
      return effect.scope === 'global' || FOLLOWED_SETTINGS.has(effect.name)
        ? undefined
        : `setting ${effect.name}`
    case 'begin':
    case 'commit':
    case 'rollback':
    case 'savepoint':
    case 'deallocate':
    case 'use':
    case 'kill':
    case 'discard':
    case 'copy':
    case 'variables':
      return undefined
  }
}

/** A plain SET NAMES, which is carried from connection to connection, in the gateway's own words. */
export function charsetOf(statement: Statement): string | undefined {
  const [effect, another] = statement.session
  if (another || effect?.kind !== 'set' || effect.name !== 'names') return undefined
  const isPlain = /^set\s+names\s+['"]?\w+['"]?$/i.test(statement.text.trim())
  return isPlain && effect.value !== undefined ? `SET NAMES ${effect.value}` : undefined
}

export function setsCharset({ session }: Statement): boolean {
  return session.some((effect) => effect.kind === 'set' && CHARSET_SETTINGS.has(effect.name))
}

/** Character sets under which the backend might read a text differently than it was judged. */
export function refuseEffects(statements: readonly Statement[]): void {
  for (const effect of statements.flatMap(({ session }) => session)) {
    if (effect.kind !== 'set' || !CHARSET_SETTINGS.has(effect.name)) continue
    if (effect.value === undefined || encodingNamed(effect.value) !== 'utf8') {
      throw new FeatureNotSupported('only utf8mb4 and utf8 are taken as a character set')
    }
  }
  if (statements.length > 1 && statements.some(changesSession)) {
    throw new FeatureNotSupported('USE and KILL must be the only statement of their text')
  }
}

/** USE and KILL are the session's own business: a backend must never see them, prepared or not. */
export function changesSession({ session }: Statement): boolean {
  return session.some(({ kind }) => kind === 'use' || kind === 'kill')
}
