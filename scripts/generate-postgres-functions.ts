// Writes core/sql/src/postgres/functions.ts from pg_proc of a real PostgreSQL server, through psql and its usual
// PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE. The rules below are by hand: what they don't call safe isn't.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'

type Danger = 'safe' | 'write' | 'danger'

interface Row {
  readonly name: string
  readonly volatility: 'i' | 's' | 'v'
}

// Functions that only the server itself can call, or that only stand behind an operator or a cast, are left out:
// not listed means unknown.
const QUERY = `
  select distinct proname || ' ' || provolatile::text from pg_proc p
   where pronamespace = 'pg_catalog'::regnamespace
     and not proargtypes::oid[] && array['internal', 'cstring']::regtype[]::oid[]
     and prorettype::regtype::text !~ '^(internal|cstring|trigger|event_trigger)$|_handler$'
     and coalesce(obj_description(oid, 'pg_proc'), '') !~
         '^(implementation of|I/O|less-equal-greater|hash|btree|sort support|equal image)'
   union
  -- A built-in type's name called as a function is a cast.
  select typname || ' i' from pg_type
   where typnamespace = 'pg_catalog'::regnamespace and typtype in ('b', 'r', 'm') and typelem = 0
     and typname !~ '^(_|pg_(node_tree|ddl_command|brin|mcv|ndistinct|dependencies))'
   order by 1`

/** Changes something, or the session. */
const WRITES = words(`
  currval lastval nextval setval setseed set_config pg_notify
  lo_creat lo_create lo_from_bytea lo_get lo_open lo_put lo_truncate lo_truncate64 lo_unlink loread lowrite
  pg_advisory_lock pg_advisory_lock_shared
  pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_try_advisory_lock pg_try_advisory_lock_shared
  pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared
  pg_current_xact_id txid_current`)

/** Volatile, yet they only tell the time, a random number, a size or a state, or give back what the session holds. */
const HARMLESS_VOLATILE = words(`
  amvalidate clock_timestamp current_query gen_random_uuid lo_close lo_lseek lo_lseek64 lo_tell lo_tell64
  pg_advisory_unlock pg_advisory_unlock_all pg_advisory_unlock_shared
  pg_collation_actual_version pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn
  pg_database_collation_actual_version pg_database_size pg_get_multixact_members pg_indexes_size
  pg_is_in_recovery pg_is_wal_replay_paused pg_jit_available pg_last_committed_xact
  pg_last_wal_receive_lsn pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_notification_queue_usage
  pg_partition_ancestors pg_partition_tree pg_relation_size pg_table_size pg_tablespace_size
  pg_total_relation_size pg_xact_commit_timestamp pg_xact_commit_timestamp_origin pg_xact_status
  random timeofday txid_status`)

/** Not volatile, yet they read other tables, other sessions, files or the server's build. */
const DANGEROUS =
  /_to_xml|^ts_(stat|rewrite)$|^pg_stat_get_(activity|backend|progress|wal_|replication|subscription|archiver)|^pg_(cursor|prepared_|get_replication_slots|get_publication_tables|config$)|^currtid|^binary_upgrade|^pg_replication|^fmgr_|^plpgsql_/

/** Of later releases, and a few that stand behind operators but are called by name. */
const ALSO_SAFE = words(`
  any_value hashtext hashtextextended array_append array_prepend array_reverse array_sample array_shuffle array_sort arraycontained arraycontains
  arrayoverlap casefold crc32 crc32c date_add date_subtract erf erfc gamma lgamma json_array json_arrayagg json_exists
  json_object json_objectagg json_query json_scalar json_serialize json_table json_value jsonb_contained jsonb_contains
  jsonb_exists jsonb_exists_all jsonb_exists_any pg_basetype pg_char_to_encoding pg_input_error_info pg_input_is_valid
  pg_get_acl pg_get_constraintdef random_normal range_intersect_agg textcat texteq textlike textregexeq to_bin to_oct
  to_regtypemod unicode_version icu_unicode_version unicode_assigned uuid_extract_timestamp uuid_extract_version uuidv4
  uuidv7 xmltext`)

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}

function dangerOf({ name, volatility }: Row): Danger {
  if (WRITES.has(name)) return 'write'
  if (DANGEROUS.test(name)) return 'danger'
  return volatility !== 'v' || HARMLESS_VOLATILE.has(name) ? 'safe' : 'danger'
}

const WORSE: readonly Danger[] = ['safe', 'write', 'danger']

function worst(rows: readonly Row[]): ReadonlyMap<string, Danger> {
  const found = new Map<string, Danger>([...ALSO_SAFE].map((name) => [name, 'safe']))
  for (const row of rows) {
    const before = found.get(row.name) ?? 'safe'
    const now = dangerOf(row)
    found.set(row.name, WORSE.indexOf(now) > WORSE.indexOf(before) ? now : before)
  }
  return found
}

function readRows(): readonly Row[] {
  const lines = execFileSync('psql', ['-XAtc', QUERY], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => {
    const [name = '', volatility = 'v'] = line.split(' ')
    return { name, volatility: volatility as Row['volatility'] }
  })
}

const LINE = 110

function wrapped(names: readonly string[]): string {
  const lines: string[] = []
  for (const name of names) {
    const last = lines.at(-1)
    if (last === undefined || last.length + name.length >= LINE) lines.push(`  ${name}`)
    else lines[lines.length - 1] = `${last} ${name}`
  }
  return lines.join('\n')
}

function declaration(name: string, danger: Danger, found: ReadonlyMap<string, Danger>): string {
  const names = [...found].flatMap(([word, its]) => (its === danger ? [word] : [])).sort()
  return `export const ${name} = \`\n${wrapped(names)}\n\`\n`
}

const found = worst(readRows())
const file = `// Generated by scripts/generate-postgres-functions.ts from pg_proc: the functions of pg_catalog by danger.
// A name is as dangerous as the worst function that bears it.

${declaration('SAFE_FUNCTIONS', 'safe', found)}
${declaration('WRITING_FUNCTIONS', 'write', found)}
${declaration('DANGEROUS_FUNCTIONS', 'danger', found)}`
writeFileSync(new URL('../core/sql/src/postgres/functions.ts', import.meta.url), file)
