// Settings that would change how a later statement is read, or as whom it runs.
import { type Dialect, PERSON_SETTING, PERSON_VARIABLE } from '@articdbm/contract'
import type { SessionEffect, Statement } from '@articdbm/sql'
import { type GrantScope, holdsEverywhere } from './grants.ts'
import { isOwnSetting } from './own-settings.ts'
import type { Refusal } from './verdicts.ts'

type Setting = Extract<SessionEffect, { kind: 'set' }>

export function blockedBySetting(statement: Statement, scope: GrantScope): Refusal | undefined {
  for (const effect of statement.session) {
    const refusal =
      effect.kind === 'set' ? refuseSetting(effect, statement.dialect, scope) : undefined
    if (refusal) return refusal
  }
  return refuseUnnamedSetting(statement, scope)
}

function refuseSetting(setting: Setting, dialect: Dialect, scope: GrantScope): Refusal | undefined {
  const isFixed = fixedBy(dialect).get(setting.name) ?? FIXED.get(setting.name)
  if (isFixed && !isFixed(setting.value)) return refused(setting.name)
  const isForeign = dialect === 'postgres' && !isOwnSetting(setting.name)
  const needsAdmin = isForeign || setting.scope === 'global' || ADMIN_ONLY.has(setting.name)
  return needsAdmin && !holdsEverywhere(scope, 'admin') ? refused(setting.name) : undefined
}

/** set_config with a name that is computed could set anything. */
function refuseUnnamedSetting(statement: Statement, scope: GrantScope): Refusal | undefined {
  const computes = statement.functions.some((call) => call.name === 'set_config')
  const isNamed = statement.session.some((effect) => effect.kind === 'set')
  return computes && !isNamed && !holdsEverywhere(scope, 'admin')
    ? refused('a computed name')
    : undefined
}

function refused(name: string): Refusal {
  return {
    rule: 'setting.refused',
    message: `setting ${name} this way is refused: it would change how statements are read or as whom they run`,
  }
}

const oneOf =
  (...values: readonly string[]) =>
  (value: string | undefined): boolean =>
    value !== undefined && values.includes(value.toLowerCase())

const without =
  (...words: readonly string[]) =>
  (value: string | undefined): boolean =>
    value !== undefined && !words.some((word) => value.toUpperCase().includes(word))

const UTF8 = oneOf('utf8', 'utf-8', 'unicode', 'utf8mb4', 'utf8mb3', 'default')

/** What the lexers rely on. A value that isn't a plain literal is undefined, and refused. */
const FIXED: ReadonlyMap<string, (value: string | undefined) => boolean> = new Map([
  // set_config with a computed name: it could be any of these.
  ['*', () => false],
  [PERSON_SETTING, () => false],
  [PERSON_VARIABLE, () => false],
  ['standard_conforming_strings', oneOf('on', 'true', '1', 'yes', 'default')],
  ['client_encoding', UTF8],
  ['names', UTF8],
  ['character_set_client', UTF8],
  ['character_set_connection', UTF8],
  ['sql_mode', without('ANSI', 'NO_BACKSLASH', 'ORACLE', 'MSSQL', 'DB2', 'MAXDB', 'POSTGRESQL')],
])

/** Besides UTF-8, those of single bytes in which ASCII is ASCII: the door takes nothing else while they are set. */
const MYSQL_CHARSET = oneOf(
  ...['utf8', 'utf8mb4', 'utf8mb3', 'ascii', 'latin1', 'latin2', 'latin5', 'latin7', 'binary'],
  ...['greek', 'hebrew', 'koi8r', 'koi8u', 'cp1250', 'cp1251', 'cp1256', 'cp1257', 'cp850'],
  ...['cp852', 'cp866'],
)

const fixedBy = (dialect: Dialect): typeof FIXED => (dialect === 'mysql' ? MYSQL_CHARSETS : FIXED)

const MYSQL_CHARSETS: typeof FIXED = new Map([
  ['names', MYSQL_CHARSET],
  ['character_set_client', MYSQL_CHARSET],
  ['character_set_connection', MYSQL_CHARSET],
])

const ADMIN_ONLY: ReadonlySet<string> = new Set([
  'sql_log_bin',
  'foreign_key_checks',
  'pseudo_thread_id',
  'init_connect',
])
