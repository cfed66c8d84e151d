// Words that stand for no name where they are written without quotes: reserved by MariaDB 10.11, MySQL 8.4, or both,
// and structural in some statement. Words that only one of them reserves and that begin no clause are names here.
export const RESERVED: ReadonlySet<string> = wordSet(`
  accessible add all alter analyze and as asc asensitive before between both by call cascade case change check collate
  column condition constraint continue convert create cross current_date current_time current_timestamp current_user
  cursor databases day_hour day_microsecond day_minute day_second declare default delayed delete desc
  describe deterministic distinct distinctrow div drop dual each else elseif enclosed escaped except exists exit explain
  false fetch for force foreign from fulltext grant group having high_priority hour_microsecond hour_minute hour_second
  if ignore in index infile inner inout insert intersect interval into is iterate join key keys kill lateral leading leave left
  like limit linear lines load localtime localtimestamp lock loop low_priority match
  minute_microsecond minute_second mod modifies natural not null on optimize option optionally or
  order out outer outfile partition precision primary procedure purge range read reads read_write recursive references
  regexp release rename repeat replace require resignal restrict return returning revoke right rlike schemas
  second_microsecond select sensitive separator set show signal spatial specific sql sql_big_result sql_calc_found_rows
  sql_small_result sqlexception sqlstate sqlwarning ssl starting straight_join table terminated then to trailing trigger
  true undo union unique unlock unsigned update usage use using utc_date utc_time utc_timestamp values varying when
  where while with write xor year_month zerofill database schema`)

/** Not reserved everywhere, but never an alias without AS where a clause may begin. */
const CLAUSE_WORDS: ReadonlySet<string> = wordSet('window offset over minus')

export function isAliasWord(word: string): boolean {
  return !RESERVED.has(word) && !CLAUSE_WORDS.has(word)
}

export const INTERVAL_UNITS: ReadonlySet<string> = wordSet(`
  microsecond second minute hour day week month quarter year second_microsecond minute_microsecond minute_second
  hour_microsecond hour_second hour_minute day_microsecond day_second day_minute day_hour year_month
  sql_tsi_second sql_tsi_minute sql_tsi_hour sql_tsi_day sql_tsi_week sql_tsi_month sql_tsi_quarter sql_tsi_year`)

export function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/).filter((word) => word !== ''))
}
