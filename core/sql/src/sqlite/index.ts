import type { Grammar } from '../statement.ts'
import { lex } from './lex.ts'
import { parse } from './statements.ts'

/** SQLite 3.53 as Node builds it: double-quoted texts are always names. */
export const sqliteGrammar: Grammar = { lex, parse }
