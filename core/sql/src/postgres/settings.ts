// SET, RESET, SHOW, DISCARD.
import type { ParsedSessionEffect } from '../statement.ts'
import { constantIn } from './constant.ts'
import { isTrue, nodeIn, nodesIn, type Tree, textOf } from './tree.ts'

type SetEffect = Extract<ParsedSessionEffect, { kind: 'set' }>

/** What SET and RESET do to the session. */
export function settingEffects(fields: Tree): readonly ParsedSessionEffect[] {
  if (fields.kind === 'VAR_RESET_ALL') return [{ kind: 'discard' }]
  const name = (textOf(fields, 'name') ?? '').toLowerCase()
  if (fields.kind === 'VAR_SET_MULTI') return transactionEffects(name, fields)
  const scope = isTrue(fields, 'is_local') ? 'transaction' : 'session'
  return [{ kind: 'set', scope, name, value: settingValue(name, fields.args) }]
}

/** SET TRANSACTION …, SET SESSION CHARACTERISTICS AS TRANSACTION …, SET TRANSACTION SNAPSHOT '…' */
function transactionEffects(name: string, fields: Tree): readonly SetEffect[] {
  if (name === 'transaction snapshot') {
    const value = settingValue(name, fields.args)
    return [{ kind: 'set', scope: 'transaction', name: 'transaction_snapshot', value }]
  }
  const isSession = name === 'session characteristics'
  return nodesIn(fields.args).map((option) => ({
    kind: 'set',
    scope: isSession ? 'session' : 'transaction',
    name: `${isSession ? 'default_' : ''}${textOf(option.fields, 'defname') ?? ''}`,
    value: constantIn(option.fields.arg),
  }))
}

/** One constant as it is; several joined as the server joins them; undefined where one isn't plain. */
function settingValue(name: string, args: unknown): string | undefined {
  const values = Array.isArray(args) ? args.map((arg) => constantIn(arg)) : []
  if (values.length === 0 || values.includes(undefined)) return undefined
  const texts = values.map((value) => value ?? '')
  return LISTS_OF_NAMES.has(name) ? texts.map(quoteName).join(', ') : texts.join(', ')
}

// GUC_LIST_QUOTE
const LISTS_OF_NAMES = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])

function quoteName(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** True where an option such as READ ONLY, EXPLAIN's ANALYZE or COPY's is switched on. */
export function isSwitchedOn(option: Tree): boolean {
  if (nodeIn(option.arg) === undefined) return true
  const value = constantIn(option.arg)?.toLowerCase()
  return value !== 'false' && value !== 'off' && value !== '0'
}
