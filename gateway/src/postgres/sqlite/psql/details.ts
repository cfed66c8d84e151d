// What psql asks of one table, view or index, once it has looked it up by \d name.
import { quoted } from '../../quoted.ts'

type Maker = (name: string, text: string) => string

/** By what tells each question from the others; the name is a literal in each answer, so that grants apply to it. */
const QUESTIONS: readonly (readonly [RegExp, Maker])[] = [
  [/^SELECT c\.relchecks, c\.relkind,/, kind],
  [/^SELECT a\.attname, .* AS is_key,/, indexColumns],
  [/^SELECT a\.attname, .* a\.attidentity/, columns],
  [/^SELECT c2\.relname, i\.indisprimary,/, indexes],
  [/^SELECT i\.indisunique, i\.indisprimary,/, index],
  [/ r\.contype = 'f' /, foreignKeys],
  [/^SELECT t\.tgname, /, triggers],
  [/^SELECT pg_catalog\.pg_get_viewdef\(/, viewDefinition],
  // Checks, rules, policies, statistics, publications, who refers to it, inheritance.
  [
    /^SELECT .* FROM pg_catalog\.pg_(?:constraint|rewrite|policy|statistic_ext|publication|class c, pg_catalog\.pg_inherits)\b/,
    nothing,
  ],
]

/** Undefined where the text names nothing, or asks what isn't known here. */
export function detail(text: string): string | undefined {
  const name = nameIn(text)
  if (name === undefined) return undefined
  const [, make] = QUESTIONS.find(([pattern]) => pattern.test(text)) ?? []
  return make?.(name, text)
}

function nameIn(text: string): string | undefined {
  const hex = text.match(/ = ?'((?:[0-9a-f]{2})+)'|\('((?:[0-9a-f]{2})+)'/)
  const bytes = hex?.[1] ?? hex?.[2]
  return bytes && Buffer.from(bytes, 'hex').toString('utf8')
}

function kind(name: string): string {
  const letter = `CASE type WHEN 'table' THEN 'r' WHEN 'view' THEN 'v' ELSE 'i' END`
  const isTable = `CASE type WHEN 'table' THEN 't' ELSE 'f' END`
  return select(
    [
      ['relchecks', '0'],
      ['relkind', letter],
      ['relhasindex', isTable],
      ['relhasrules', "'f'"],
      ['relhastriggers', isTable],
      ['relrowsecurity', "'f'"],
      ['relforcerowsecurity', "'f'"],
      ['relhasoids', "'f'"],
      ['relispartition', "'f'"],
      ['options', "''"],
      ['reltablespace', "'0'"],
      ['reloftype', "''"],
      ['relpersistence', "'p'"],
      ['relreplident', "'d'"],
      ['amname', 'NULL'],
    ],
    `FROM sqlite_schema WHERE name = ${quoted(name)}`,
  )
}

function columns(name: string, text: string): string {
  return select(
    [
      ['attname', 'name'],
      ['format_type', 'lower(type)'],
      ['default', 'dflt_value'],
      ['attnotnull', `CASE WHEN "notnull" OR pk THEN 't' ELSE 'f' END`],
      ['attcollation', 'NULL'],
      ['attidentity', "''"],
      ['attgenerated', "''"],
      ...verbose(text),
    ],
    `FROM pragma_table_xinfo(${quoted(name)}) WHERE hidden <> 1 ORDER BY cid`,
  )
}

function verbose(text: string): typeof VERBOSE {
  return VERBOSE.filter(([column]) => text.includes(column))
}

/** In psql's order. */
const VERBOSE: readonly (readonly [string, string])[] = [
  ['attstorage', "'p'"],
  ['attcompression', "''"],
  ['attstattarget', 'NULL'],
  ['col_description', 'NULL'],
]

function indexColumns(name: string, text: string): string {
  return select(
    [
      ['attname', "coalesce(name, '(expression)')"],
      ['format_type', "''"],
      ['is_key', "'yes'"],
      ['indexdef', "coalesce(name, '(expression)')"],
      ...verbose(text),
    ],
    `FROM pragma_index_info(${quoted(name)}) ORDER BY seqno`,
  )
}

function indexes(name: string): string {
  const indexed = `(SELECT group_concat(coalesce(name, '(expression)'), ', ') FROM pragma_index_info(i.name))`
  const where = `CASE WHEN partial THEN (SELECT substr(sql, instr(upper(sql), ' WHERE ')) FROM sqlite_schema AS s WHERE s.name = i.name) ELSE '' END`
  const isUnique = `CASE WHEN "unique" THEN 't' ELSE 'f' END`
  const constraint = `CASE origin WHEN 'pk' THEN 'p' WHEN 'u' THEN 'u' END`
  const rows = [
    select(
      indexRow({
        name: 'i.name',
        isPrimary: `CASE origin WHEN 'pk' THEN 't' ELSE 'f' END`,
        isUnique,
        definition: `' USING btree (' || ${indexed} || ')' || ${where}`,
        constraint,
      }),
      `FROM pragma_index_list(${quoted(name)}) AS i`,
    ),
    // An INTEGER PRIMARY KEY has no index: it is the row's own number.
    select(
      indexRow({
        name: "'rowid'",
        isPrimary: "'t'",
        isUnique: "'t'",
        definition: `' USING btree (' || name || ')'`,
        constraint: "'p'",
      }),
      `FROM pragma_table_info(${quoted(name)}) WHERE pk = 1 AND lower(type) = 'integer' AND NOT EXISTS (SELECT 1 FROM pragma_index_list(${quoted(name)}) WHERE origin = 'pk')`,
    ),
  ]
  return `${rows.join(' UNION ALL ')} ORDER BY 2 DESC, 1`
}

interface IndexRow {
  readonly name: string
  readonly isPrimary: string
  readonly isUnique: string
  readonly definition: string
  readonly constraint: string
}

function indexRow(row: IndexRow): readonly (readonly [string, string])[] {
  return [
    ['relname', row.name],
    ['indisprimary', row.isPrimary],
    ['indisunique', row.isUnique],
    ['indisclustered', "'f'"],
    ['indisvalid', "'t'"],
    ['indexdef', row.definition],
    ['constraintdef', 'NULL'],
    ['contype', row.constraint],
    ['condeferrable', "'f'"],
    ['condeferred', "'f'"],
    ['indisreplident', "'f'"],
    ['reltablespace', "'0'"],
  ]
}

/** Of an index by itself. One that SQLite made for a constraint has no text. */
function index(name: string): string {
  return select(
    [
      [
        'indisunique',
        `CASE WHEN sql IS NULL OR upper(sql) LIKE 'CREATE UNIQUE %' THEN 't' ELSE 'f' END`,
      ],
      ['indisprimary', "'f'"],
      ['indisclustered', "'f'"],
      ['indisvalid', "'t'"],
      ['condeferrable', "'f'"],
      ['condeferred', "'f'"],
      ['indisreplident', "'f'"],
      ['indnullsnotdistinct', "'f'"],
      ['amname', "'btree'"],
      ['relname', 'tbl_name'],
      [
        'predicate',
        `CASE WHEN instr(upper(sql), ' WHERE ') > 0 THEN substr(sql, instr(upper(sql), ' WHERE ') + 7) END`,
      ],
    ],
    `FROM sqlite_schema WHERE type = 'index' AND name = ${quoted(name)}`,
  )
}

function foreignKeys(name: string): string {
  const to = `CASE WHEN max("to") IS NULL THEN '' ELSE '(' || group_concat("to", ', ') || ')' END`
  const on = (event: string) =>
    `CASE on_${event} WHEN 'NO ACTION' THEN '' ELSE ' ON ${event.toUpperCase()} ' || on_${event} END`
  return select(
    [
      ['sametable', "'t'"],
      ['conname', `${quoted(`${name}_fk`)} || id`],
      [
        'condef',
        `'FOREIGN KEY (' || group_concat("from", ', ') || ') REFERENCES ' || "table" || ${to} || ${on('update')} || ${on('delete')}`,
      ],
      ['ontable', quoted(name)],
    ],
    `FROM pragma_foreign_key_list(${quoted(name)}) GROUP BY id ORDER BY id`,
  )
}

function triggers(name: string): string {
  return select(
    [
      ['tgname', 'name'],
      ['tgdef', `replace(sql, char(10), ' ')`],
      ['tgenabled', "'O'"],
      ['tgisinternal', "'f'"],
      ['parent', 'NULL'],
    ],
    `FROM sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = lower(${quoted(name)}) ORDER BY name`,
  )
}

function viewDefinition(name: string): string {
  const sql = `substr(sql, instr(upper(sql), ' AS ') + 4)`
  return `SELECT ${sql} AS pg_get_viewdef FROM sqlite_schema WHERE type = 'view' AND name = ${quoted(name)}`
}

function nothing(): string {
  return 'SELECT 0 AS "none" WHERE 0'
}

function select(columns: readonly (readonly [string, string])[], from: string): string {
  return `SELECT ${columns.map(([name, value]) => `${value} AS "${name}"`).join(', ')} ${from}`
}
