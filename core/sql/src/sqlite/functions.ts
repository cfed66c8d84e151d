import type { FunctionCall } from '../statement.ts'

const SAFE = new Set(
  `-> ->> abs acos acosh asin asinh atan atan2 atanh avg bm25 ceil ceiling changes char coalesce concat concat_ws
cos cosh count cume_dist current_date current_time current_timestamp date datetime degrees dense_rank exp
first_value floor format fts5_get_locale fts5_insttoken fts5_locale fts5_source_id geopoly_area geopoly_bbox
geopoly_blob geopoly_ccw geopoly_contains_point geopoly_group_bbox geopoly_json geopoly_overlap geopoly_regular
geopoly_svg geopoly_within geopoly_xform glob group_concat hex highlight if ifnull iif instr json json_array
json_array_insert json_array_length json_error_position json_extract json_group_array json_group_object
json_insert json_object json_patch json_pretty json_quote json_remove json_replace json_set json_type json_valid
jsonb jsonb_array jsonb_array_insert jsonb_extract jsonb_group_array jsonb_group_object jsonb_insert jsonb_object
jsonb_patch jsonb_remove jsonb_replace jsonb_set julianday lag last_insert_rowid last_value lead length like
likelihood likely ln log log10 log2 lower ltrim match matchinfo max median min mod nth_value ntile nullif
octet_length offsets percent_rank percentile percentile_cont percentile_disc pi pow power printf quote radians
random randomblob rank replace round row_number rtreedepth rtreenode rtrim sign sin sinh snippet
sqlite_compileoption_get sqlite_compileoption_used sqlite_source_id sqlite_version sqrt strftime string_agg substr
substring subtype sum tan tanh time timediff total total_changes trim trunc typeof unhex unicode unistr
unistr_quote unixepoch unlikely upper zeroblob`.split(/\s+/),
)

// Files, code, other tables by a name in a text, the process's log, or memory by its address.
const DANGER = new Set(
  `edit eval fileio_read fileio_write fsdir fts3_tokenizer fts5 fts5_decode geopoly_debug load_extension ls_mode
lsdir lsmode optimize readfile realpath rtreecheck shell_add_schema sqlar_compress sqlar_uncompress sqlite_dbpage
sqlite_dbdata sqlite_dbptr sqlite_log sqlite_rename_column sqlite_rename_quotefix sqlite_rename_table
sqlite_rename_test sqlite_drop_column sqlite_add_constraint sqlite_fail sqlite_find_constraint writefile zipfile
zipfile_cds`.split(/\s+/),
)

/** Table-valued functions that read their arguments alone. */
const SAFE_TABLES = new Set(
  'fts3tokenize generate_series json_each json_tree jsonb_each jsonb_tree'.split(' '),
)

export function dangerOf(name: string): FunctionCall['danger'] {
  if (SAFE.has(name)) return 'safe'
  return DANGER.has(name) ? 'danger' : 'unknown'
}

export function dangerOfTable(name: string): FunctionCall['danger'] {
  if (SAFE_TABLES.has(name)) return 'safe'
  return DANGER.has(name) ? 'danger' : 'unknown'
}
