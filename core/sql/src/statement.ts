// The shape of an analysed request. Offsets count UTF-16 units in the request's text, end excluded.
import type { Dialect } from '@articdbm/contract'

/** What a statement does. `control` is transactions, settings and the session itself. */
export type Effect = 'read' | 'write' | 'define' | 'control'

/** Something table-like that is touched. Names as the engine would resolve them: folded, unquoted. */
export interface Relation {
  /** As written; undefined where the statement doesn't say. */
  readonly schema: string | undefined
  /** `*` stands for "any relation": what an opaque statement (DO, CALL, an unknown function) may touch. */
  readonly name: string
  readonly access: 'read' | 'write'
}

export interface FunctionCall {
  readonly schema: string | undefined
  /** Lower case. */
  readonly name: string
  /**
   * `safe`: built in, reads nothing but its arguments, harmless settings or the clock.
   * `write`: built in and changes something (nextval, setval, lo_create, set_config, GET_LOCK).
   * `danger`: built in and reaches what no grant names: files, the network, other sessions, SQL in a text, delays.
   * `unknown`: not built in, or not known: it may do anything.
   */
  readonly danger: 'safe' | 'write' | 'danger' | 'unknown'
  readonly start: number
}

/** What a statement does to its session. A statement with none of these may share a backend connection. */
export type SessionEffect =
  | { readonly kind: 'begin'; readonly isReadOnly: boolean }
  | { readonly kind: 'commit' }
  | { readonly kind: 'rollback' }
  | { readonly kind: 'savepoint' }
  /**
   * SET, PRAGMA, set_config. Name in lower case, `*` where it is computed; value where it is a plain literal, else
   * undefined. MySQL: a user variable is one with its `@`, `literal` is the value as it was written, where it is plain, and
   * `computed` the expression, or DEFAULT, that gives a setting by which texts are read.
   */
  | {
      readonly kind: 'set'
      readonly scope: 'transaction' | 'session' | 'global'
      readonly name: string
      readonly value: string | undefined
      readonly literal?: string
      readonly computed?: string
    }
  /** MySQL: reads user variables of the session's. */
  | { readonly kind: 'variables' }
  /** PREPARE name AS statement. Undefined where the text isn't known (MySQL's PREPARE … FROM @variable). */
  | { readonly kind: 'prepare'; readonly name: string; readonly prepared: Statement | undefined }
  | { readonly kind: 'execute'; readonly name: string }
  /** Undefined: all of them. */
  | { readonly kind: 'deallocate'; readonly name: string | undefined }
  /** USE database. */
  | { readonly kind: 'use'; readonly database: string }
  /** KILL, with MySQL's connection id where it is a plain number. */
  | { readonly kind: 'kill'; readonly target: number | undefined; readonly isQueryOnly: boolean }
  /** A temporary table, cursor, lock, LISTEN, user variable: the connection belongs to this session from now on. */
  | { readonly kind: 'pin'; readonly reason: string }
  /** DISCARD, RESET ALL. */
  | { readonly kind: 'discard' }
  /** COPY … FROM STDIN, COPY … TO STDOUT, LOAD DATA LOCAL: bytes follow outside the statement. */
  | {
      readonly kind: 'copy'
      readonly direction: 'in' | 'out'
      /** LOAD DATA LOCAL: the client's file, as it is asked for. */
      readonly file?: string
    }

export interface Literal {
  readonly kind: 'string' | 'number' | 'binary'
  readonly start: number
  readonly end: number
  /** Decoded: without quotes and escapes. */
  readonly value: string
}

export interface Statement {
  readonly dialect: Dialect
  /** The very text between `start` and `end`, without the closing semicolon. */
  readonly text: string
  readonly start: number
  readonly end: number
  /** Its first meaningful word or words in lower case: select, insert, explain, create table, set … */
  readonly kind: string
  readonly effects: readonly Effect[]
  /** Each schema+name+access once; CTE names left out. */
  readonly relations: readonly Relation[]
  readonly functions: readonly FunctionCall[]
  readonly session: readonly SessionEffect[]
  readonly literals: readonly Literal[]
  /** Literals out, case and space levelled: "select * from orders where id = ?". */
  readonly normalized: string
  /** 16 hexadecimal digits: the beginning of SHA-256 of dialect and `normalized`. */
  readonly digest: string
  /** False: something in it was not understood, and rules that need it refuse it. `why` says what. */
  readonly isComplete: boolean
  readonly why: string
  /**
   * PostgreSQL: it takes whole rows as values (`to_json(p)`), or gives columns other names (`people AS p(a, b)`): what it
   * takes of a table isn't all named in it.
   */
  readonly takesRows?: boolean
  /** Where the server would say that the syntax is wrong: characters of the whole text, from 1. */
  readonly errorAt?: number
}

/** Lexical settings of the backend session; both default to false. */
export interface LexicalModes {
  /** MySQL sql_mode ANSI_QUOTES: "x" is a name. */
  readonly ansiQuotes?: boolean
  /** MySQL sql_mode NO_BACKSLASH_ESCAPES. */
  readonly noBackslashEscapes?: boolean
}

export interface Analysis {
  readonly dialect: Dialect
  readonly text: string
  /** None for blank text or comments alone. */
  readonly statements: readonly Statement[]
  /** True when every statement is. */
  readonly isComplete: boolean
  /** Of the whole request, in order; for the firewall's detectors. */
  readonly tokens: readonly Token[]
}

/** What a lexer yields, the same for all dialects. White space is left out, comments are not. */
export interface Token {
  readonly kind:
    | 'word'
    | 'quoted'
    | 'string'
    | 'number'
    | 'binary'
    | 'parameter'
    | 'variable'
    | 'operator'
    | 'comment'
    | 'unknown'
  readonly start: number
  readonly end: number
  /** word: lower case. quoted, string: decoded. operator: as written. comment: as written. */
  readonly value: string
}

/** What a dialect's grammar finds; `analyze` adds normal form, digest and literals from the tokens. */
export interface Parsed {
  readonly start: number
  readonly end: number
  readonly kind: string
  readonly effects: readonly Effect[]
  readonly relations: readonly Relation[]
  readonly functions: readonly FunctionCall[]
  readonly session: readonly ParsedSessionEffect[]
  readonly isComplete: boolean
  readonly why: string
  /** As Statement's. */
  readonly takesRows?: boolean
  /** Where the server would say that the syntax is wrong: characters of the whole text, from 1. */
  readonly errorAt?: number
}

/** As SessionEffect, but what is prepared is still a text of the same dialect; `analyze` reads it. */
export type ParsedSessionEffect =
  | Exclude<SessionEffect, { kind: 'prepare' }>
  | { readonly kind: 'prepare'; readonly name: string; readonly prepared: string | undefined }

/** A dialect: text to tokens, tokens to statements. Neither throws, whatever the text. */
export interface Grammar {
  lex(text: string, modes: LexicalModes): readonly Token[]
  parse(text: string, tokens: readonly Token[], modes: LexicalModes): readonly Parsed[]
}
