import { type Analysis, analyze } from '@articdbm/sql'
import { type SqliteError, severalStatements, sqliteError } from './error.ts'
import type { Start } from './messages.ts'
import type { SqliteRun, SqliteValue } from './types.ts'

const SQLITE_ERROR = 1
const MAX_PARAMETERS = 32_766

/** One statement's text, its parameters placed as SQLite counts them. */
export interface OneStatement {
  readonly sql: string
  readonly parameters: readonly Placed[]
  readonly isDefinition: boolean
  readonly isReturning: boolean
}

interface Placed {
  /** Undefined for `?`, which is bound by its place alone. */
  readonly name: string | undefined
  readonly index: number
}

/** SQLite would silently ignore what follows the first statement, or a NUL: here that is an error. */
export function oneStatement(sql: string): OneStatement {
  if (sql.includes('\0')) throw sqliteError('unrecognized token: "\\0"', SQLITE_ERROR, '')
  const analysis = analyze(sql, 'sqlite')
  if (analysis.statements.length > 1 || hasTail(analysis)) throw severalStatements()
  const [statement] = analysis.statements
  return {
    sql,
    parameters: placed(analysis),
    isDefinition: statement?.effects.includes('define') ?? false,
    isReturning: hasWord(analysis, 'returning'),
  }
}

export function startOf(run: SqliteRun): Start {
  const { parameters, sql, isDefinition, isReturning } = oneStatement(run.sql)
  const count = countOf(parameters)
  if (run.parameters.length !== count) throw wrongCount(run.parameters.length, count)
  const given = ({ index }: Placed): SqliteValue => run.parameters[index - 1] ?? null
  const named = parameters.flatMap((parameter) =>
    parameter.name === undefined ? [] : [[parameter.name, given(parameter)] as const],
  )
  return {
    sql,
    isDefinition,
    isReturning,
    allowed: run.allowed,
    named: Object.fromEntries(named),
    values: parameters.filter(({ name }) => name === undefined).map(given),
  }
}

export function countOf(parameters: readonly Placed[]): number {
  return parameters.reduce((count, { index }) => Math.max(count, index), 0)
}

/** A statement that our grammar doesn't know may still be run by who may do everything: if it is alone. */
function hasTail(analysis: Analysis): boolean {
  if (analysis.isComplete) return false
  const tokens = analysis.tokens.filter(({ kind }) => kind !== 'comment')
  const end = tokens.findIndex(({ kind, value }) => kind === 'operator' && value === ';')
  return end !== -1 && end < tokens.length - 1
}

function hasWord({ tokens }: Analysis, word: string): boolean {
  return tokens.some(({ kind, value }) => kind === 'word' && value === word)
}

/** `?` takes the next number, `?2` and `$2` are the second, other names are numbered as they appear. */
function placed({ tokens }: Analysis): readonly Placed[] {
  const names = new Map<string, number>()
  const parameters: Placed[] = []
  let last = 0
  for (const { value, kind } of tokens) {
    if (kind !== 'parameter') continue
    const name = value === '?' ? undefined : value
    const index = numberIn(value) ?? names.get(value) ?? last + 1
    if (index < 1 || index > MAX_PARAMETERS) throw outOfRange(value)
    last = Math.max(last, index)
    if (name !== undefined) names.set(name, index)
    parameters.push({ name, index })
  }
  return parameters
}

function numberIn(parameter: string): number | undefined {
  return /^[?$][0-9]+$/.test(parameter) ? Number(parameter.slice(1)) : undefined
}

function wrongCount(given: number, wanted: number): SqliteError {
  return sqliteError(`column index out of range: ${given} values for ${wanted}`, undefined, '')
}

function outOfRange(parameter: string): SqliteError {
  return sqliteError(`column index out of range: ${parameter.slice(0, 20)}`, undefined, '')
}
