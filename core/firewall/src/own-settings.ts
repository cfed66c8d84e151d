// PostgreSQL settings that touch nobody but the session: whoever may connect may set these. All others need admin,
// because the backend's own account may be allowed what its users are not (zero_damaged_pages, log_statement …).
const OWN = new Set(
  `
  application_name array_nulls backslash_quote bytea_output check_function_bodies client_encoding client_min_messages
  commit_delay constraint_exclusion cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost cursor_tuple_fraction
  datestyle debug_print_parse debug_print_plan default_statistics_target default_text_search_config
  default_transaction_deferrable default_transaction_isolation default_transaction_read_only effective_cache_size
  effective_io_concurrency escape_string_warning extra_float_digits from_collapse_limit geqo geqo_threshold
  gin_fuzzy_search_limit hash_mem_multiplier idle_in_transaction_session_timeout idle_session_timeout intervalstyle
  jit jit_above_cost join_collapse_limit lc_messages lc_monetary lc_numeric lc_time lock_timeout logical_decoding_work_mem
  maintenance_work_mem max_parallel_workers max_parallel_workers_per_gather max_parallel_maintenance_workers names
  parallel_leader_participation parallel_setup_cost parallel_tuple_cost plan_cache_mode quote_all_identifiers
  random_page_cost restrict_nonsystem_relation_kind seed seq_page_cost standard_conforming_strings statement_timeout synchronous_commit
  synchronize_seqscans temp_buffers timezone timezone_abbreviations time_zone track_activities transaction_deferrable
  transaction_isolation transaction_read_only transaction_timeout transform_null_equals work_mem xmlbinary xmloption
  `
    .trim()
    .split(/\s+/),
)

/** Planner switches, transaction characteristics, and an application's own `name.with.a.dot` are the session's own, too. */
export function isOwnSetting(name: string): boolean {
  return (
    OWN.has(name) ||
    /^enable_\w+$|^(?:session characteristics|transaction)\b|^constraints\b|\./.test(name)
  )
}
