/** What may stand between SELECT and its list of columns, in any dialect. */
export const MODIFIERS: readonly string[] = [
  ...['distinct', 'distinctrow', 'all', 'high_priority', 'straight_join', 'sql_small_result'],
  ...['sql_big_result', 'sql_buffer_result', 'sql_no_cache', 'sql_cache', 'sql_calc_found_rows'],
]
