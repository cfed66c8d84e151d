// mysql: MySQL's and MariaDB's grammar. What any supported server would read in another way is incomplete.
// Begin with lex.ts (text to tokens), then parse.ts and statements.ts (tokens to statements).
import type { Grammar } from '../statement.ts'
import { lex } from './lex.ts'
import { parse } from './parse.ts'

export const mysqlGrammar: Grammar = { lex, parse }
