// What drivers say to a PostgreSQL server when they connect, in SQLite's words. What is judged is what is executed.
import type { Verdict } from '@articdbm/contract'
import type { Analysis, Statement } from '@articdbm/sql'
import type { Judged, StatementRequest } from '../../admit/admission.ts'
import type { Gateway, SessionFacts } from '../../gateway.ts'
import { refuseSetting } from '../parameters.ts'
import type { CopyFormat } from './copy-format.ts'
import { type CopyIn, copyInOf } from './copy-in.ts'
import { copyOutOf } from './copy-out.ts'
import { catalogQuery } from './psql/catalog-query.ts'
import { type Told, versionNumber } from './told.ts'

export interface Substitute {
  readonly sql: string
  /** Of the command, where it isn't what SQLite's statement would say. */
  readonly tag?: string
  readonly isReadOnly?: boolean
  /** Its rows are lines of a COPY. */
  readonly copy?: CopyFormat
  /** The client sends its rows. */
  readonly copyIn?: CopyIn
  /** SQLite gives columns where PostgreSQL gives none. */
  readonly isSilent?: boolean
}

function nothing(tag: string): Substitute {
  return { sql: 'SELECT 1 WHERE 0', tag, isSilent: true }
}

/** ParameterStatus of every SQLite database beside its version; settings of a session come on top. */
export const SQLITE_PARAMETERS: ReadonlyMap<string, string> = new Map([
  ['server_encoding', 'UTF8'],
  ['client_encoding', 'UTF8'],
  ['application_name', ''],
  ['default_transaction_read_only', 'off'],
  ['in_hot_standby', 'off'],
  ['is_superuser', 'off'],
  ['DateStyle', 'ISO, MDY'],
  ['IntervalStyle', 'postgres'],
  ['TimeZone', 'UTC'],
  ['integer_datetimes', 'on'],
  ['standard_conforming_strings', 'on'],
])

const SHOWN: ReadonlyMap<string, string> = new Map([
  ...[...SQLITE_PARAMETERS].map(([name, value]) => [name.toLowerCase(), value] as const),
  ['transaction_isolation', 'serializable'],
  ['transaction isolation level', 'serializable'],
  ['transaction_read_only', 'off'],
  ['search_path', 'main'],
  ['max_identifier_length', '63'],
])

/** Undefined: the text is SQLite's own business. */
export function substituteFor(text: string, told: Told): Substitute | undefined {
  const query = catalogQuery(text, told.database)
  if (query !== undefined) return { sql: query }
  const plain = text.trim().replace(/\s*;$/, '')
  const copy = copyOutOf(plain)
  if (copy) return { sql: copy.sql, copy: copy.format }
  const copyIn = copyInOf(plain)
  if (copyIn) return { sql: copyIn.sql, copyIn }
  if (plain.length > 300 || plain.includes(';')) return undefined
  for (const [pattern, substitute] of SUBSTITUTES) {
    const match = plain.match(pattern)
    const found = match && substitute(match, told)
    if (found) return found
  }
  return undefined
}

type Maker = (match: RegExpMatchArray, told: Told) => Substitute | undefined

const MODES =
  '(?:\\s*,?\\s*(?:isolation\\s+level\\s+(?:serializable|repeatable\\s+read|read\\s+committed|read\\s+uncommitted)|read\\s+write|(read\\s+only)|(?:not\\s+)?deferrable))'

const SUBSTITUTES: readonly (readonly [RegExp, Maker])[] = [
  [
    new RegExp(`^(?:begin|start\\s+transaction)(?:\\s+(?:work|transaction))?${MODES}*$`, 'i'),
    begin,
  ],
  [/^(?:commit|end)\s+(?:work|transaction)$/i, () => ({ sql: 'COMMIT', tag: 'COMMIT' })],
  [
    /^(?:abort|rollback)(?:\s+(?:work|transaction))?$/i,
    () => ({ sql: 'ROLLBACK', tag: 'ROLLBACK' }),
  ],
  [
    new RegExp(`^set\\s+session\\s+characteristics\\s+as\\s+transaction${MODES}+$`, 'i'),
    setTransaction,
  ],
  [new RegExp(`^set\\s+transaction${MODES}+$`, 'i'), setTransaction],
  [/^set\s+(?:session\s+|local\s+)?(names)\s+'?([^']*)'?$/i, set],
  [/^set\s+(?:session\s+|local\s+)?(time\s+zone)\s+(.*)$/i, () => nothing('SET')],
  [/^set\s+(?:session\s+|local\s+)?([a-z_]+)\s*(?:=|\s+to\s+)\s*'?([^'"]*)'?$/i, set],
  [/^reset\s+(?:all|[a-z_]+)$/i, () => nothing('RESET')],
  [/^discard\s+(all|plans|sequences|temp|temporary)$/i, ([text]) => nothing(text.toUpperCase())],
  [/^deallocate\s+all$/i, () => nothing('DEALLOCATE ALL')],
  [/^show\s+(transaction\s+isolation\s+level|[a-z_]+)$/i, show],
  [
    /^select\s+(?:pg_catalog\.)?version\(\)$/i,
    (_match, { version }) => select('version', `PostgreSQL ${version}`),
  ],
  [
    /^select\s+(?:pg_catalog\.)?current_(database\(\)|catalog)$/i,
    ([, word], { database }) =>
      select(word === 'catalog' ? 'current_catalog' : 'current_database', database),
  ],
  [/^select\s+(?:pg_catalog\.)?current_schema(?:\(\))?$/i, () => select('current_schema', 'main')],
  [
    /^select\s+pg_catalog\.set_config\('search_path',\s*'',\s*false\)$/i,
    () => select('set_config', ''),
  ],
]

function begin([text, readOnly]: RegExpMatchArray): Substitute {
  const tag = /^start/i.test(text) ? 'START TRANSACTION' : 'BEGIN'
  return { sql: 'BEGIN', tag, isReadOnly: readOnly !== undefined }
}

/** SQLite is always serializable; READ ONLY would be a promise that nobody keeps. */
function setTransaction([, readOnly]: RegExpMatchArray): Substitute | undefined {
  return readOnly === undefined ? nothing('SET') : undefined
}

function set([, name = '', value = '']: RegExpMatchArray): Substitute | undefined {
  return refuseSetting(name.toLowerCase(), value.trim()) ? undefined : nothing('SET')
}

function show([, name = '']: RegExpMatchArray, { version }: Told): Substitute | undefined {
  const folded = name.toLowerCase().replace(/\s+/g, ' ')
  const value = shownVersion(folded, version) ?? SHOWN.get(folded)
  if (value === undefined) return undefined
  const column = folded.replaceAll(' ', '_').replace('_level', '')
  return { ...select(column, value), tag: 'SHOW' }
}

function shownVersion(setting: string, version: string): string | undefined {
  if (setting === 'server_version') return version
  return setting === 'server_version_num' ? versionNumber(version) : undefined
}

function select(column: string, value: string): Substitute {
  return { sql: `SELECT '${value.replaceAll("'", "''")}' AS ${column}`, tag: 'SELECT 1' }
}

/** Judges a text, or what stands for it; the audit shows what the client said. */
export function judgeSqlite(
  gateway: Gateway,
  request: StatementRequest,
  facts: SessionFacts,
  told: Told,
): Judged {
  const { text } = request
  const substitute = substituteFor(text, told)
  if (!substitute) return gateway.admission.judge(request, facts)
  const judged = gateway.admission.judge({ ...request, text: substitute.sql }, facts)
  const shown = (statement: Statement): Statement => ({
    ...statement,
    text,
    start: 0,
    end: text.length,
  })
  const statements = judged.analysis.statements.map(shown)
  const analysis: Analysis = { ...judged.analysis, text, statements, tokens: [] }
  const verdict = substitute.copy && judged.masks ? COPIES_MASKED : judged.verdict
  return { ...judged, analysis, statements: judged.statements.map(shown), verdict }
}

/** As of any other COPY of such a table: its lines are no rows that could be masked. */
const COPIES_MASKED: Verdict = {
  ...{ action: 'block', rule: 'masking.form', score: 100, findings: [] },
  message:
    'this database has columns that are masked for you, and COPY can’t put them out so: SELECT them',
}
