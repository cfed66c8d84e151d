import { LIMITS } from '../limits.ts'
import { notUnderstood } from '../not-understood.ts'
import type { LexicalModes, Parsed, ParsedSessionEffect, Token } from '../statement.ts'
import { bits, expression } from './expression.ts'
import { Findings } from './findings.ts'
import { lex } from './lex.ts'
import { namesPerson, WRITES_PERSON } from './person-variable.ts'
import { query } from './query.ts'
import { type Code, codeOf, Reader, type Rules, Unreadable } from './reader.ts'
import { isLexicalSetting } from './set.ts'
import { statement } from './statements.ts'

const RULES: Rules = { expression, bits, query, statement, nested }

function nested(text: string, modes: LexicalModes): readonly Parsed[] {
  return parse(text, lex(text, modes), modes)
}

/** A request's statements. The server separates them by `;` as it reads, so each begins where the one before ended. */
export function parse(
  text: string,
  lexed: readonly Token[],
  modes: LexicalModes,
): readonly Parsed[] {
  const code = codeOf(text, lexed, modes)
  const statements: Parsed[] = []
  if (!text.isWellFormed()) return [refused(code, 'a lone surrogate')]
  for (let at = firstOf(code, 0); at < code.tokens.length; ) {
    if (statements.length >= LIMITS.maxStatements)
      return [...statements, refused(code, 'too many statements')]
    const { parsed, end } = parseOne(code, at)
    statements.push(parsed)
    if (
      parsed.session.some((effect) => changesReading(effect, modes)) &&
      firstOf(code, end) < code.tokens.length
    ) {
      return [...statements, refused(code, 'read differently after what was set before')]
    }
    at = firstOf(code, end)
  }
  return statements
}

/** Skips empty statements. */
function firstOf(code: Code, from: number): number {
  let at = from
  while (code.keys[at] === ';') at++
  return at
}

function parseOne(code: Code, at: number): { parsed: Parsed; end: number } {
  const found = new Findings()
  const reader = new Reader(code, RULES, { at, found })
  const why = read(reader)
  if (why !== '') skipToEnd(reader)
  const start = code.starts[at] ?? code.text.length
  const end = code.ends[reader.at - 1] ?? start
  const { kind, functions, relations } = found
  const isPersonNamed = code.tokens.slice(at, reader.at).some(namesPerson)
  const session = isPersonNamed ? [...found.session, WRITES_PERSON] : found.session
  const effects = [...found.effects]
  return {
    parsed: {
      start,
      end,
      kind,
      effects,
      relations,
      functions,
      session,
      isComplete: why === '',
      why,
    },
    end: reader.at,
  }
}

/** Returns why the statement couldn't be read, or ''. */
function read(reader: Reader): string {
  try {
    statement(reader)
    if (!reader.isAtEnd) reader.fail('not expected')
    return ''
  } catch (error) {
    if (error instanceof Unreadable) return error.message
    if (error instanceof RangeError) return 'nested too deeply'
    throw error
  }
}

function skipToEnd(reader: Reader): void {
  while (!reader.isAtEnd) reader.next()
}

function refused(code: Code, why: string): Parsed {
  return notUnderstood({ start: 0, end: code.text.length, why })
}

const HARMLESS_CHARSET = /^utf8(?:mb[34])?$/
const LEXICAL_MODES =
  /ansi|backslash|oracle|mssql|db2|postgresql|maxdb|mysql|ignore_space|default|^\d/i

/** Whether the text behind this setting may be scanned by other rules than these. */
function changesReading(effect: ParsedSessionEffect, modes: LexicalModes): boolean {
  if (effect.kind !== 'set' || !isLexicalSetting(effect.name)) return false
  if (effect.value === undefined || !/^[\w,@]*$/.test(effect.value)) return true
  if (effect.name !== 'sql_mode') return !HARMLESS_CHARSET.test(effect.value)
  const isDefault = modes.ansiQuotes !== true && modes.noBackslashEscapes !== true
  return !isDefault || LEXICAL_MODES.test(effect.value)
}
