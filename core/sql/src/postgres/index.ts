// PostgreSQL: our lexer for tokens and digest, PostgreSQL's own parser for the tree, our walk for what it means.
// Begin with read.ts, then statements.ts and walk.ts.
import type { Grammar } from '../statement.ts'
import { lex } from './lex.ts'
import { read } from './read.ts'

export { loadPostgresParser } from './parser.ts'

export const postgresGrammar: Grammar = {
  lex: (text) => lex(text),
  parse: (text, tokens) => read(text, tokens),
}
