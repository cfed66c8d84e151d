// What MySQL's clients and drivers say that SQLite doesn't know. What is judged is what is executed: the translation.
import { FeatureNotSupported } from '@articdbm/contract'
import { analyze, type SessionEffect, type Statement } from '@articdbm/sql'
import { encodingNamed } from '@articdbm/wire/mysql'
import {
  type Constant,
  type ConstantFacts,
  constantOf,
  likePattern,
  shortText,
  variablesLike,
} from '../session/constants.ts'

export type Plan =
  /** For SQLite, in its own dialect. */
  | { readonly kind: 'sql'; readonly text: string }
  /** An answer that touches no table. */
  | { readonly kind: 'constant'; readonly constant: Constant }
  | { readonly kind: 'autocommit'; readonly isOn: boolean }
  /** COMMIT and ROLLBACK, which MySQL takes without a transaction, too. */
  | { readonly kind: 'finish'; readonly text: 'COMMIT' | 'ROLLBACK' }
  | { readonly kind: 'session'; readonly effect: Extract<SessionEffect, { kind: 'use' | 'kill' }> }
  | { readonly kind: 'charset' }
  | { readonly kind: 'nothing' }

type Translation = (match: RegExpExecArray, facts: ConstantFacts) => Plan

const NAME = '(?:`(?:[^`]|``)+`|"(?:[^"]|"")+"|[\\w$]+)'
const OF_DATABASE = `(?:\\s+(?:from|in)\\s+(?:${NAME}))?`

const TRANSLATIONS: readonly (readonly [RegExp, Translation])[] = [
  [
    form('start transaction(?:\\s+(?:read only|read write|with consistent snapshot))?'),
    () => sql('BEGIN'),
  ],
  [form('begin(?:\\s+work)?'), () => sql('BEGIN')],
  [form('commit(?:\\s+work)?'), () => ({ kind: 'finish', text: 'COMMIT' })],
  [form('rollback(?:\\s+work)?'), () => ({ kind: 'finish', text: 'ROLLBACK' })],
  [form('show (?:databases|schemas)'), (_, { database }) => rows(['Database'], [[database]])],
  [form(`show (full )?tables${OF_DATABASE}(?: like '([^'\\\\]*)')?`), showTables],
  [
    form(
      `(?:show (full )?(?:columns|fields)\\s+(?:from|in)|describe|desc|explain)\\s+(${NAME})${OF_DATABASE}`,
    ),
    describe,
  ],
  [form(`show create table\\s+(${NAME})`), showCreate],
  [
    form("show (?:session |global )?variables(?: like '([^']*)')?"),
    (match, facts) => ({ kind: 'constant', constant: variablesLike(match[1], facts) }),
  ],
  [
    form('show (?:engines|storage engines)'),
    () => rows(['Engine', 'Support', 'Comment'], [['SQLite', 'DEFAULT', 'one file']]),
  ],
  [
    form('show (?:character set|charset)'),
    () =>
      rows(
        ['Charset', 'Description', 'Default collation', 'Maxlen'],
        [['utf8mb4', 'UTF-8 Unicode', 'utf8mb4_general_ci', '4']],
      ),
  ],
  [
    form('show collation(?: .*)?'),
    () =>
      rows(
        ['Collation', 'Charset', 'Id', 'Default', 'Compiled', 'Sortlen'],
        [['utf8mb4_general_ci', 'utf8mb4', '45', 'Yes', 'Yes', '1']],
      ),
  ],
  [
    form("show (?:session |global )?status(?: like '[^']*')?"),
    () => rows(['Variable_name', 'Value'], []),
  ],
]

export function translate(typed: string, facts: ConstantFacts): Plan {
  const text = shortText(typed)
  if (text === undefined) return sql(typed)
  const constant = constantOf(text, facts)
  if (constant) return { kind: 'constant', constant }
  for (const [pattern, translation] of TRANSLATIONS) {
    const match = pattern.exec(text)
    if (match) return translation(match, facts)
  }
  return /^(?:set|use|kill)\b|^\/\*!/i.test(text) ? sessionPlan(typed) : sql(typed)
}

function form(words: string): RegExp {
  return new RegExp(`^${words.replaceAll(' ', '\\s+')}$`, 'is')
}

function sql(text: string): Plan {
  return { kind: 'sql', text }
}

function rows(names: readonly string[], values: Constant['rows']): Plan {
  return { kind: 'constant', constant: { names, rows: values } }
}

function showTables(match: RegExpExecArray, { database }: ConstantFacts): Plan {
  const column = identifier(`Tables_in_${database ?? ''}`)
  const type = match[1]
    ? `, CASE type WHEN 'view' THEN 'VIEW' ELSE 'BASE TABLE' END AS "Table_type"`
    : ''
  const like = match[2] === undefined ? '' : ` AND name LIKE '${match[2]}'`
  return sql(
    `SELECT name AS ${column}${type} FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite^_%' ESCAPE '^'${like} ORDER BY name`,
  )
}

function describe(match: RegExpExecArray): Plan {
  const full = match[1]
    ? `, 'select,insert,update,references' AS "Privileges", '' AS "Comment"`
    : ''
  return sql(
    `SELECT name AS "Field", lower(type) AS "Type", CASE WHEN "notnull" OR pk THEN 'NO' ELSE 'YES' END AS "Null", CASE WHEN pk THEN 'PRI' ELSE '' END AS "Key", dflt_value AS "Default", '' AS "Extra"${full} FROM pragma_table_info(${quoted(unquoted(match[2]))})`,
  )
}

function showCreate(match: RegExpExecArray): Plan {
  const table = quoted(unquoted(match[1]))
  return sql(
    `SELECT name AS "Table", sql AS "Create Table" FROM sqlite_master WHERE type IN ('table', 'view') AND name = ${table}`,
  )
}

export function unquoted(name = ''): string {
  const quote = name[0] === '`' || name[0] === '"' ? name[0] : undefined
  return quote ? name.slice(1, -1).replaceAll(quote + quote, quote) : name
}

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** SET, USE and KILL, by MySQL's own grammar: each setting must be one that changes nothing here. */
function sessionPlan(typed: string): Plan {
  const { statements, isComplete } = analyze(typed, 'mysql')
  const [statement, another] = statements
  if (!statement || another || !isComplete) return { kind: 'sql', text: typed }
  const [effect] = statement.session
  if (effect?.kind === 'use' || effect?.kind === 'kill') return { kind: 'session', effect }
  return settingPlan(statement)
}

function settingPlan({ session, kind, text }: Statement): Plan {
  if (session.length === 0 && kind === '') return { kind: 'nothing' }
  const settings = session.filter((effect) => effect.kind === 'set')
  if (settings.length === 0 || settings.length < session.length) return { kind: 'sql', text }
  for (const { name, value } of settings) {
    if (!isHarmless(name, value)) {
      throw new FeatureNotSupported(`setting ${name} has no meaning for a SQLite database`)
    }
  }
  const autocommit = settings.findLast(({ name }) => name === 'autocommit')
  if (autocommit)
    return { kind: 'autocommit', isOn: /^(?:1|on|true)$/i.test(autocommit.value ?? '') }
  return settings.some(({ name }) => CHARSETS.has(name)) ? { kind: 'charset' } : { kind: 'nothing' }
}

const IGNORED = likeAny(
  'autocommit',
  'net_%timeout',
  'wait_timeout',
  'interactive_timeout',
  'sql_mode',
  'sql_notes',
  'sql_quote_show_create',
  'sql_auto_is_null',
  'sql_select_limit',
  'sql_safe_updates',
  'group_concat_max_len',
  'lock_wait_timeout',
  'innodb_lock_wait_timeout',
  'max_execution_time',
  'collation_connection',
  'character_set_results',
  'transaction',
  'transaction_isolation',
  'tx_isolation',
  'time_zone',
  'unique_checks',
)
const CHARSETS = new Set(['names', 'character_set_client', 'character_set_connection'])

function likeAny(...patterns: readonly string[]): readonly RegExp[] {
  return patterns.map(likePattern)
}

function isHarmless(name: string, value: string | undefined): boolean {
  if (CHARSETS.has(name)) return value !== undefined && encodingNamed(value) === 'utf8'
  return IGNORED.some((pattern) => pattern.test(name))
}
