import type { SessionEffect } from '../statement.ts'
import { nameAfterDot, nameOrText } from './names.ts'
import type { Reader } from './reader.ts'
import { scopeOf, variableOf } from './variables.ts'
import { wordSet } from './words.ts'

type Scope = Extract<SessionEffect, { kind: 'set' }>['scope']

const SCOPE_WORDS = wordSet('global session local persist persist_only')
const GLOBAL_SCOPES = wordSet('global persist persist_only')
/** These change who the session is, or an account: they are no variables. */
const ACCOUNT_WORDS = wordSet('password role')

export function set(reader: Reader): void {
  reader.next()
  reader.found.kind = 'set'
  if (isStatementPrefix(reader)) {
    setStatement(reader)
    return
  }
  reader.found.effects.add('control')
  if (isAccountChange(reader)) {
    account(reader)
    return
  }
  if (isTransaction(reader)) {
    transaction(reader)
    return
  }
  let scope: Scope = 'session'
  reader.list(() => {
    scope = assignment(reader, scope)
  })
}

/** MariaDB: SET STATEMENT a = 1, b = 2 FOR statement. */
function isStatementPrefix(reader: Reader): boolean {
  return reader.key === 'statement' && reader.keyAfter(1) !== '=' && reader.keyAfter(1) !== ':='
}

/** Settings that change how the rest is read make it unreadable. */
function setStatement(reader: Reader): void {
  reader.next()
  reader.list(statementSetting)
  reader.expect('for')
  reader.rules.statement(reader)
}

function statementSetting(reader: Reader): void {
  const setting = variableName(reader).toLowerCase()
  if (isLexicalSetting(setting)) reader.fail(`SET STATEMENT ${setting}`)
  value(reader)
}

const LEXICAL_SETTINGS =
  wordSet(`sql_mode names character_set_client character_set_connection character_set_results
  character_set_database character_set_server collation_connection collation_database collation_server character_set
  charset old_mode old`)

/** Whether a setting changes how later texts are read. */
export function isLexicalSetting(setting: string): boolean {
  return LEXICAL_SETTINGS.has(setting)
}

/** SET PASSWORD, SET ROLE, SET DEFAULT ROLE; `SET role = 1` would be a variable, but none is called so. */
function isAccountChange(reader: Reader): boolean {
  return (
    reader.isAny(ACCOUNT_WORDS) ||
    reader.isPhrase('default', 'role') ||
    reader.isPhrase('resource', 'group')
  )
}

function account(reader: Reader): void {
  reader.found.kind = `set ${reader.key}`
  reader.found.opaque()
  while (!reader.isAtEnd && reader.token?.kind !== 'unknown') reader.next()
}

function isTransaction(reader: Reader): boolean {
  return (
    reader.key === 'transaction' ||
    (reader.isAny(SCOPE_WORDS) && reader.keyAfter(1) === 'transaction')
  )
}

const LEVEL_WORDS = wordSet(
  'isolation level read uncommitted committed repeatable serializable only write ,',
)

/** Without a scope it is for the next transaction alone. */
function transaction(reader: Reader): void {
  const scope = reader.key === 'transaction' ? 'transaction' : acceptScope(reader)
  reader.expect('transaction')
  const { start } = reader
  let end = start
  while (reader.isAny(LEVEL_WORDS)) {
    end = reader.token?.end ?? end
    reader.next()
  }
  const level = reader.code.text.slice(start, end).toLowerCase()
  note(reader, { scope, name: 'transaction', value: level })
}

function acceptScope(reader: Reader): Scope {
  const word = reader.key
  if (!reader.acceptAny(SCOPE_WORDS)) return 'session'
  return GLOBAL_SCOPES.has(word) ? 'global' : 'session'
}

/** Returns the scope written here or before: it counts for the settings that follow. */
function assignment(reader: Reader, before: Scope): Scope {
  if (!isSpecial(reader)) return setting(reader, before)
  if (reader.accept('names')) names(reader)
  else if (reader.acceptPhrase('character', 'set') || reader.accept('charset')) characterSet(reader)
  else variableAssignment(reader)
  return before
}

function isSpecial(reader: Reader): boolean {
  if (reader.token?.kind === 'variable' || reader.key === 'names') return true
  return reader.isPhrase('character', 'set') || reader.key === 'charset'
}

function setting(reader: Reader, before: Scope): Scope {
  const scope = reader.isAny(SCOPE_WORDS) ? acceptScope(reader) : before
  const written = variableName(reader).toLowerCase()
  note(reader, { scope, name: written, ...value(reader) })
  return scope
}

/** `@a := 1`, `@@session.b = 2`. */
function variableAssignment(reader: Reader): void {
  const variable = reader.acceptKind('variable')?.value ?? ''
  if (!variable.startsWith('@@')) {
    userVariable(reader, variable.toLowerCase())
    return
  }
  const scope = GLOBAL_SCOPES.has(scopeOf(variable)) ? 'global' : 'session'
  note(reader, { scope, name: variableOf(variable), ...value(reader) })
}

const PLAIN_NAME = /^@[\w.$]+$/
const PLAIN_VALUE = /^(?:\d+(?:\.\d+)?|'[^'\\]*'|null)$/i

/** A plain value can be carried to another connection; all else stays where it was computed. */
function userVariable(reader: Reader, name: string): void {
  const assigned = value(reader)
  if (PLAIN_NAME.test(name) && PLAIN_VALUE.test(assigned.literal ?? ''))
    note(reader, { scope: 'session', name, ...assigned })
  else reader.found.pin('user variable')
}

/** A setting, or one of a component or a named key cache: `component.setting`. */
function variableName(reader: Reader): string {
  const first = nameAfterDot(reader)
  return reader.accept('.') ? `${first}.${nameAfterDot(reader)}` : first
}

const WORD_VALUES = wordSet('on all binary row system default')

type Assigned = Pick<Extract<SessionEffect, { kind: 'set' }>, 'value' | 'literal' | 'computed'>

/** What is behind `=`, where it is a plain literal or word, or adds such to the modes that are set; else its text. */
function value(reader: Reader): Assigned {
  if (!reader.accept('=')) reader.expect(':=')
  const { at, token } = reader
  const added = addedModes(reader)
  if (reader.isAny(WORD_VALUES)) reader.next()
  else reader.rules.expression(reader)
  const written = reader.code.text.slice(token?.start, reader.tokenAfter(-1)?.end)
  if (reader.at === at + 1 && token && isPlain(token.kind))
    return { value: token.value, literal: written }
  return added === undefined ? { value: undefined, computed: written } : { value: added }
}

/** The server's own modes, @@global.sql_mode, may be others than this session's. */
const OWN_MODES = /^@@(?:session\.|local\.)?sql_mode$/

/** Connector/J and mysqldump send CONCAT(@@sql_mode, ',STRICT_TRANS_TABLES'): `@@sql_mode,STRICT_TRANS_TABLES`. */
function addedModes(reader: Reader): string | undefined {
  if (!reader.isPhrase('concat', '(') || reader.keyAfter(3) !== ',') return undefined
  const variable = reader.tokenAfter(2)
  if (variable === undefined || !OWN_MODES.test(variable.value)) return undefined
  const at = reader.keyAfter(4) === '_utf8' ? 5 : 4
  if (reader.tokenAfter(at)?.kind !== 'string' || reader.keyAfter(at + 1) !== ')') return undefined
  const isWhole = reader.tokenAfter(at + 2) === undefined || /^[,;]$/.test(reader.keyAfter(at + 2))
  return isWhole ? `@@sql_mode${reader.tokenAfter(at)?.value}` : undefined
}

function isPlain(kind: string | undefined): boolean {
  return kind === 'string' || kind === 'number' || kind === 'word'
}

function names(reader: Reader): void {
  if (reader.key === '=') reader.fail('NAMES is no variable')
  const charset = nameOrText(reader)
  if (reader.accept('collate')) nameOrText(reader)
  note(reader, { scope: 'session', name: 'names', value: charset.toLowerCase() })
}

function characterSet(reader: Reader): void {
  const charset = nameOrText(reader)
  note(reader, { scope: 'session', name: 'character_set_client', value: charset.toLowerCase() })
}

/** A number of sql_mode is a set of bits, and DEFAULT is whatever the server holds: neither says what it means. */
function isVague(setting: string, value: string | undefined): boolean {
  return isLexicalSetting(setting) && value !== undefined && /^(?:\d|default$)/i.test(value)
}

function note(
  reader: Reader,
  setting: Omit<Extract<SessionEffect, { kind: 'set' }>, 'kind'>,
): void {
  const { scope, name, value, literal, computed } = setting
  const effect = { kind: 'set', scope, name } as const
  if (isVague(name, value))
    reader.found.session.push({
      ...effect,
      value: undefined,
      ...(literal && { computed: literal }),
    })
  else
    reader.found.session.push({
      ...{ ...effect, value },
      ...(literal && { literal }),
      ...(computed && isLexicalSetting(name) && { computed }),
    })
  if (setting.scope === 'global') reader.found.opaque()
}
