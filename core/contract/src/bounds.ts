// What a form checks before it sends, apart from the schemas: a page has no use for those.

export const MAX_SQL_FILE_BYTES = 1_048_576

export const SQL_FILE_NAME = /^[A-Za-z0-9][A-Za-z0-9._ -]*$/
export const MAX_SQL_FILE_NAME = 120

/** The rules that a bypass may name; what no grant allows can't be let through, nor what wasn't understood. */
export const BYPASSED_RULE =
  /^(injection\.(\*|[a-z-]+)|destructive\.[a-z]+|learning\.[a-z]+|rule\.[a-z0-9-]{1,48})$/
