// Bounds on one request's text, so that judging it takes milliseconds whatever it holds.
export const LIMITS = {
  /** UTF-16 units; longer texts (a dump's INSERT) are read by the lexer alone up to maxLexedLength. */
  maxLength: 1_000_000,
  maxTokens: 300_000,
  /** Nested parentheses, CASE, subqueries, BEGIN blocks. */
  maxDepth: 200,
  maxStatements: 500,
} as const
