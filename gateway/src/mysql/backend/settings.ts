// What a session has set that any connection can be brought to: it is carried along instead of keeping a connection.
import { PERSON_VARIABLE } from '@articdbm/contract'
import type { SessionEffect, Statement } from '@articdbm/sql'
import type { SessionSide } from '../session/executor.ts'

/** By name, system variables and user variables (with their `@`): how the value was written. */
export type Settings = ReadonlyMap<string, string>

export const NO_SETTINGS: Settings = new Map()

/** A new session's: for whom it works, where the database wants to know. Names of people need no escapes. */
export function firstSettings({
  facts,
  gateway,
}: Pick<SessionSide, 'facts' | 'gateway'>): Settings {
  if (gateway.database(facts.databaseId)?.policy.tellPerson !== true) return NO_SETTINGS
  return new Map([[PERSON_VARIABLE, `'${facts.principal.name}'`]])
}

/**
 * Variables whose DEFAULT is what a fresh session has, and that nothing but SET changes. Left out: what a client agrees on
 * with one server (time-outs of idle sessions, packet sizes), what a statement leaves behind, what changes how texts are read.
 */
const CARRIED: ReadonlySet<string> = new Set([
  'auto_increment_increment',
  'auto_increment_offset',
  'div_precision_increment',
  'foreign_key_checks',
  'group_concat_max_len',
  'innodb_lock_wait_timeout',
  'innodb_strict_mode',
  'lc_time_names',
  'lock_wait_timeout',
  'max_execution_time',
  'max_join_size',
  'max_statement_time',
  'net_read_timeout',
  'net_write_timeout',
  'sql_auto_is_null',
  'sql_big_selects',
  'sql_mode',
  'sql_notes',
  'sql_quote_show_create',
  'sql_safe_updates',
  'sql_select_limit',
  'sql_warnings',
  'time_zone',
  'unique_checks',
])
const ISOLATION =
  /^isolation\s+level\s+(read\s+uncommitted|read\s+committed|repeatable\s+read|serializable)$/

/** Name and value where an effect of a SET is such a setting. */
export function settingOf(effect: SessionEffect): readonly [string, string] | undefined {
  if (effect.kind !== 'set' || effect.scope !== 'session') return undefined
  const { name, literal, value } = effect
  if (name === 'transaction') return ISOLATION.test(value ?? '') ? [name, value ?? ''] : undefined
  const isCarried = name.startsWith('@') || CARRIED.has(name)
  return isCarried && literal !== undefined ? [name, literal] : undefined
}

/** After the statement went through. */
export function settingsAfter(settings: Settings, { kind, session }: Statement): Settings {
  if (kind !== 'set') return settings
  const changes = session.map(settingOf).filter((setting) => setting !== undefined)
  return changes.length === 0 ? settings : new Map([...settings, ...changes])
}

const MAX_SETTINGS = 64
const MAX_CHARACTERS = 8_192

/** More than is worth carrying: such a session keeps its connection. */
export function isTooMuch(settings: Settings): boolean {
  const characters = [...settings.values()].reduce((sum, { length }) => sum + length, 0)
  return settings.size > MAX_SETTINGS || characters > MAX_CHARACTERS
}

/** The statements that bring a connection from one to the other; undefined: only a reset does. */
export function statementsBetween(
  from: Settings,
  to: Settings,
  freshModes: string,
): readonly string[] | undefined {
  const gone = [...from.keys()].filter((name) => !to.has(name))
  if (gone.includes('transaction')) return undefined
  const changed = [...to].filter(([name, literal]) => from.get(name) !== literal)
  const isolation = changed.find(([name]) => name === 'transaction')?.[1]
  const assigned = [
    ...gone.map((name) => assignment(name, freshValue(name, freshModes))),
    ...changed
      .filter(([name]) => name !== 'transaction')
      .map(([name, literal]) => assignment(name, literal)),
  ]
  return [
    ...(isolation === undefined ? [] : [`SET SESSION TRANSACTION ${isolation}`]),
    ...(assigned.length === 0 ? [] : [`SET ${assigned.join(', ')}`]),
  ]
}

function freshValue(name: string, freshModes: string): string {
  if (name === 'sql_mode') return `'${freshModes}'`
  return name.startsWith('@') ? 'NULL' : 'DEFAULT'
}

function assignment(name: string, literal: string): string {
  return name.startsWith('@') ? `${name} = ${literal}` : `@@SESSION.${name} = ${literal}`
}

export function isSame(one: Settings, other: Settings): boolean {
  if (one === other) return true
  if (one.size !== other.size) return false
  return [...one].every(([name, literal]) => other.get(name) === literal)
}
