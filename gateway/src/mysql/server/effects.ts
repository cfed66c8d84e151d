// What a statement leaves behind on its backend connection.
import { FeatureNotSupported } from '@articdbm/contract'
import type { SessionEffect, Statement } from '@articdbm/sql'
import { type Encoding, encodingNamed } from '@articdbm/wire/mysql'
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

/** What a client's texts are written in from here on; undefined where the statement sets no character set. */
export function encodingSetBy({ session }: Statement): Encoding | undefined {
  const encodings = session.filter(isOfCharset).map(({ value }) => encodingNamed(value ?? ''))
  return encodings.find((encoding) => encoding !== 'utf8') ?? encodings[0]
}

function isOfCharset(effect: SessionEffect): effect is Extract<SessionEffect, { kind: 'set' }> {
  return effect.kind === 'set' && CHARSET_SETTINGS.has(effect.name)
}

/** Character sets under which the backend might read a text differently than it was judged. */
export function refuseEffects(statements: readonly Statement[]): void {
  for (const statement of statements) {
    const encoding = encodingSetBy(statement)
    if (encoding === 'unsafe') {
      throw new FeatureNotSupported(
        'only UTF-8 and sets of single bytes are taken as character set',
      )
    }
    // One that fails has set nothing, and nothing else of the text is read under it.
    if (encoding === 'ascii only' && (statements.length > 1 || statement.session.length > 1)) {
      throw new FeatureNotSupported('a character set other than UTF-8 must be all that a text sets')
    }
  }
  if (statements.length > 1 && statements.some(changesSession)) {
    throw new FeatureNotSupported('USE and KILL must be the only statement of their text')
  }
}

/** What is prepared is prepared again by the server, when it likes, in the character set that is in force then. */
export function refuseBeyondAscii(prepared: readonly { readonly text: string }[]): void {
  if (!prepared.some(({ text }) => /[^\0-\x7f]/.test(text))) return
  throw new FeatureNotSupported(
    'statements beyond ASCII are prepared, and would be read otherwise in this character set',
  )
}

/** USE and KILL are the session's own business: a backend must never see them, prepared or not. */
export function changesSession({ session }: Statement): boolean {
  return session.some(({ kind }) => kind === 'use' || kind === 'kill')
}
