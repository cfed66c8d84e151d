import type { Dialect } from '@articdbm/contract'
import { digestOf, normalize } from './digest.ts'
import { LIMITS } from './limits.ts'
import { mysqlGrammar } from './mysql/index.ts'
import { notUnderstood } from './not-understood.ts'
import { loadPostgresParser, postgresGrammar } from './postgres/index.ts'
import { sqliteGrammar } from './sqlite/index.ts'
import type {
  Analysis,
  Grammar,
  LexicalModes,
  Literal,
  Parsed,
  ParsedSessionEffect,
  SessionEffect,
  Statement,
  Token,
} from './statement.ts'

const GRAMMARS: Readonly<Record<Dialect, Grammar>> = {
  postgres: postgresGrammar,
  mysql: mysqlGrammar,
  sqlite: sqliteGrammar,
}

/** Loads PostgreSQL's parser (WASM). Await it once, before the first `analyze`. */
export async function loadGrammars(): Promise<void> {
  await loadPostgresParser()
}

/** Reads a request's text. Never throws: what can't be read is a statement with `isComplete: false`. */
export function analyze(text: string, dialect: Dialect, modes: LexicalModes = {}): Analysis {
  if (text.length > LIMITS.maxLength) return tooLong(text, dialect)
  const grammar = GRAMMARS[dialect]
  const tokens = grammar.lex(text, modes)
  const statements = grammar
    .parse(text, tokens, modes)
    .map((parsed) => complete(parsed, { text, dialect, tokens }))
  return { dialect, text, statements, isComplete: statements.every((s) => s.isComplete), tokens }
}

interface Source {
  readonly text: string
  readonly dialect: Dialect
  readonly tokens: readonly Token[]
}

function complete(parsed: Parsed, source: Source): Statement {
  const tokens = tokensBetween(source.tokens, parsed.start, parsed.end)
  const normalized = normalize(tokens)
  return {
    ...parsed,
    dialect: source.dialect,
    text: source.text.slice(parsed.start, parsed.end),
    session: parsed.session.map((effect) => completeEffect(effect, source)),
    literals: literalsOf(tokens),
    normalized,
    digest: digestOf(source.dialect, normalized),
  }
}

function completeEffect(effect: ParsedSessionEffect, source: Source): SessionEffect {
  if (effect.kind !== 'prepare') return effect
  const inner =
    effect.prepared === undefined ? [] : analyzePrepared(effect.prepared, source.dialect)
  return { ...effect, prepared: inner.length === 1 ? inner[0] : undefined }
}

function analyzePrepared(text: string, dialect: Dialect): readonly Statement[] {
  return analyze(text, dialect).statements
}

/** Of a request's tokens, those that begin at `start` or behind it, and before `end`. */
export function tokensBetween(
  tokens: readonly Token[],
  start: number,
  end: number,
): readonly Token[] {
  return tokens.slice(firstFrom(tokens, start), firstFrom(tokens, end))
}

/** The index of the first token that begins at an offset or after it; tokens are in order. */
function firstFrom(tokens: readonly Token[], offset: number): number {
  let low = 0
  let high = tokens.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((tokens[middle]?.start ?? 0) < offset) low = middle + 1
    else high = middle
  }
  return low
}

function literalsOf(tokens: readonly Token[]): readonly Literal[] {
  const literals: Literal[] = []
  for (const { kind, start, end, value } of tokens) {
    if (kind === 'string' || kind === 'number' || kind === 'binary') {
      literals.push({ kind, start, end, value })
    }
  }
  return literals
}

function tooLong(text: string, dialect: Dialect): Analysis {
  const why = `longer than ${LIMITS.maxLength} characters`
  const parsed = notUnderstood({ start: 0, end: text.length, why })
  const statement = complete(parsed, { text, dialect, tokens: [] })
  return { dialect, text, statements: [statement], isComplete: false, tokens: [] }
}
