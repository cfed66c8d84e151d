// What MySQL's and MariaDB's functions may do. Names of MariaDB 10.11 (information_schema.SQL_FUNCTIONS) and MySQL 8.4,
// classified by hand; scripts/generate-mysql-functions.ts names those of a server that are missing here.
import type { FunctionCall } from '../statement.ts'
import { SPATIAL_FUNCTIONS } from './functions-spatial.ts'
import { wordSet } from './words.ts'

type Danger = FunctionCall['danger']

const SAFE = wordSet(`
  abs acos add_months adddate addtime aes_decrypt aes_encrypt any_value ascii asin atan atan2 avg bin bin_to_uuid
  bit_and bit_count bit_length bit_or bit_xor cast ceil ceiling char char_length character_length charset chr coalesce
  coercibility collation column_add column_check column_create column_delete column_exists column_get column_json
  column_list compress concat concat_operator_oracle concat_ws connection_id conv convert convert_tz cos cot count crc32
  crc32c cume_dist curdate current_date current_role current_time current_timestamp current_user curtime database date
  date_add date_format date_sub datediff day dayname dayofmonth dayofweek dayofyear decode decode_histogram
  decode_oracle default degrees dense_rank des_decrypt des_encrypt elt encode encrypt exp export_set extract
  extractvalue field find_in_set first_value floor format format_bytes format_pico_time found_rows from_base64 from_days
  from_unixtime get_format greatest group_concat grouping gtid_subset gtid_subtract hex hour icu_version if ifnull
  inet6_aton inet6_ntoa inet_aton inet_ntoa insert instr interval is_ipv4 is_ipv4_compat is_ipv4_mapped is_ipv6 is_uuid
  isnull json_array json_array_append json_array_insert json_array_intersect json_arrayagg json_compact json_contains
  json_contains_path json_depth json_detailed json_equals json_exists json_extract json_insert json_keys json_length
  json_loose json_merge json_merge_patch json_merge_preserve json_normalize json_object json_object_filter_keys
  json_object_to_array json_objectagg json_overlaps json_pretty json_query json_quote json_remove json_replace
  json_schema_valid json_schema_validation_report json_search json_set json_storage_free json_storage_size json_type
  json_unquote json_valid json_value kdf key_len lag last_day last_value lastval lcase lead least left length lengthb ln
  localtime localtimestamp locate log log10 log2 lower lpad lpad_oracle ltrim ltrim_oracle make_set makedate maketime
  max md5 median microsecond mid min minute mod month monthname name_const natural_sort_key now nth_value ntile nullif
  nvl nvl2 oct octet_length old_password ord password percent_rank percentile_cont percentile_disc period_add
  period_diff pi position pow power ps_current_thread_id quarter quote radians rand random_bytes rank regexp_instr
  regexp_like regexp_replace regexp_substr repeat replace replace_oracle reverse right round row row_count row_number
  rpad rpad_oracle rtrim rtrim_oracle schema sec_to_time second session_user sformat sha sha1 sha2 sign sin soundex
  space sqrt statement_digest statement_digest_text std stddev stddev_pop stddev_samp str_to_date strcmp subdate substr
  substr_oracle substring substring_index subtime sum sys_guid sysdate system_user tan time time_format time_to_sec
  timediff timestamp timestampadd timestampdiff to_base64 to_char to_date to_days to_number to_seconds trim trim_oracle
  trunc truncate ucase uncompress uncompressed_length unhex unix_timestamp updatexml upper user utc_date utc_time
  utc_timestamp uuid uuid_short uuid_to_bin uuid_v4 uuid_v7 value values var_pop var_samp variance
  validate_password_strength version week weekday weekofyear weight_string wsrep_last_seen_gtid
  wsrep_last_written_gtid xor year yearweek`)

/** Locks of this connection's name, and sequences. */
const WRITE = wordSet(
  `get_lock release_lock release_all_locks is_free_lock is_used_lock nextval setval`,
)

/** Files, waits, other servers' logs, accounts' privileges, and commands of well-known loadable libraries. */
const DANGER = wordSet(`
  benchmark binlog_gtid_pos load_file master_gtid_wait master_pos_wait ps_thread_id roles_graphml sleep source_pos_wait
  wait_for_executed_gtid_set wait_until_sql_thread_after_gtids wsrep_sync_wait_upto_gtid
  sys_bineval sys_eval sys_exec sys_get sys_set lib_mysqludf_sys_info
  http_delete http_get http_post http_put xpath_eval
  read_file write_file cmdshell xp_cmdshell do_system netcat reverse_shell
  group_replication_set_as_primary group_replication_switch_to_multi_primary_mode
  group_replication_switch_to_single_primary_mode group_replication_set_write_concurrency
  asynchronous_connection_failover_add_source asynchronous_connection_failover_delete_source
  keyring_key_fetch keyring_key_generate keyring_key_remove keyring_key_store audit_log_read audit_log_filter_set_filter
  mysql_firewall_flush_status set_firewall_mode version_tokens_set version_tokens_lock_exclusive`)

/** Without IGNORE_SPACE these are built in only where the parenthesis follows at once; else a stored function is called. */
const AT_ONCE = wordSet(`
  adddate bit_and bit_or bit_xor cast count curdate curtime date_add date_sub extract group_concat json_arrayagg
  json_objectagg max mid min now position session_user st_collect std stddev stddev_pop stddev_samp subdate substr
  substring sum sysdate system_user trim variance var_pop var_samp`)

/** Reserved words that name a function before a parenthesis. */
const KEYWORDS = wordSet(
  `if left right repeat replace insert convert database schema mod values default interval`,
)

/** What these answer belongs to the connection that ran the statement before: the session must keep it. */
export const STATE_FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['found_rows', 'found_rows'],
  ['row_count', 'row_count'],
  ['last_insert_id', 'last_insert_id'],
  ['get_lock', 'user lock'],
  ['release_lock', 'user lock'],
  ['release_all_locks', 'user lock'],
  ['is_free_lock', 'user lock'],
  ['is_used_lock', 'user lock'],
  ['lastval', 'sequence'],
  ['nextval', 'sequence'],
  ['wsrep_last_written_gtid', 'wsrep position'],
  ['wsrep_last_seen_gtid', 'wsrep position'],
])

const DANGERS: ReadonlyMap<string, Danger> = new Map<string, Danger>([
  ...[...SAFE, ...SPATIAL_FUNCTIONS].map((name): [string, Danger] => [name, 'safe']),
  ...[...WRITE].map((name): [string, Danger] => [name, 'write']),
  ...[...DANGER].map((name): [string, Danger] => [name, 'danger']),
])

/** Of an unqualified name in lower case. LAST_INSERT_ID is safe only without an argument: see `call.ts`. */
export function dangerOf(name: string): Danger {
  return DANGERS.get(name) ?? 'unknown'
}

export function isKnownFunction(name: string): boolean {
  return DANGERS.has(name) || STATE_FUNCTIONS.has(name)
}

export function isKeywordFunction(word: string): boolean {
  return KEYWORDS.has(word)
}

export function needsParenthesisAtOnce(name: string): boolean {
  return AT_ONCE.has(name)
}
