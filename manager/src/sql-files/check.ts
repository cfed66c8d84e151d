// What a file's statements are, and what the firewall says of each: no I/O but giving others a turn.
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  dialectOf,
  type Engine,
  MAX_SQL_FILE_BYTES,
  type SqlFileCheck,
  type Verdict,
} from '@articdbm/contract'
import { inspect } from '@articdbm/firewall'
import { type Analysis, analyze, type SessionEffect, type Statement } from '@articdbm/sql'
import { type Part, split } from '../console/split.ts'
import { NotAcceptable } from '../http/faults.ts'

const MAX_RELATIONS = 50
const MAX_SHOWN = 500
const TURN_MS = 20

export interface Unchecked {
  readonly text: string
  readonly engine: Engine
  readonly isTransaction: boolean
}

/** One check a statement, in order. Throws NotAcceptable for a text that is too long or empty; the analysis refuses too many. */
export async function checkFile(file: Unchecked): Promise<SqlFileCheck[]> {
  const parts = partsOf(file.text, file.engine)
  const places = new Places(file.text)
  const checks: SqlFileCheck[] = []
  let begunMs = performance.now()
  for (const part of parts) {
    checks.push(checkPart(file, part, places))
    if (performance.now() - begunMs < TURN_MS) continue
    await nextTurn()
    begunMs = performance.now()
  }
  return checks
}

/** The statements as they go to the door. */
export function partsOf(text: string, engine: Engine): readonly Part[] {
  if (Buffer.byteLength(text) > MAX_SQL_FILE_BYTES) {
    throw new NotAcceptable('sql_file_too_long', 'a file has at most 1 MiB: split it')
  }
  // The store keeps neither, and what was approved is what must be executed.
  if (text.includes('\0') || !text.isWellFormed()) {
    throw new NotAcceptable('sql_file_not_text', 'the file is not text: save it as UTF-8')
  }
  const parts = split(text, engine)
  if (parts.length === 0) {
    throw new NotAcceptable('sql_file_empty', 'the file has no statement')
  }
  return parts
}

function checkPart({ engine, isTransaction }: Unchecked, part: Part, places: Places): SqlFileCheck {
  const analysis = analyze(part.sql, dialectOf(engine))
  const verdict = verdictOf(analysis, isTransaction)
  const [statement] = analysis.statements
  const offset = part.start + mistakeOf(part.sql, statement)
  return {
    start: part.start,
    end: part.end,
    ...places.of(offset),
    kind: statement?.kind ?? '',
    effects: [...(statement?.effects ?? [])],
    relations: relationsOf(statement),
    digest: statement?.digest ?? '',
    action: verdict.action,
    rule: verdict.rule,
    message: verdict.message.slice(0, MAX_SHOWN),
  }
}

type Said = Pick<Verdict, 'action' | 'rule' | 'message'>

function verdictOf(analysis: Analysis, isTransaction: boolean): Said {
  const found = analysis.statements.flatMap(({ session }) => session).find(isOutOfPlace)
  if (found?.kind === 'copy')
    return refusal('copy', 'a file carries no rows for COPY or LOAD DATA LOCAL')
  if (found && isTransaction) {
    return refusal('transaction', 'the file runs in one transaction and may not begin or end one')
  }
  return inspect(analysis)
}

function isOutOfPlace({ kind }: SessionEffect): boolean {
  return kind === 'copy' || kind === 'begin' || kind === 'commit' || kind === 'rollback'
}

function refusal(rule: string, message: string): Said {
  return { action: 'block', rule: `file.${rule}`, message }
}

function relationsOf(statement: Statement | undefined): string[] {
  return (statement?.relations ?? [])
    .slice(0, MAX_RELATIONS)
    .map(({ access, schema, name }) =>
      `${access} ${schema ? `${schema}.` : ''}${name}`.slice(0, MAX_SHOWN),
    )
}

/** The analysis counts characters from 1. */
function mistakeOf(text: string, statement: Statement | undefined): number {
  if (statement?.errorAt === undefined) return statement?.start ?? 0
  return [...text].slice(0, statement.errorAt - 1).join('').length
}

/** Offsets to lines and columns, both from 1. */
class Places {
  readonly #starts: number[] = [0]

  constructor(text: string) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
      this.#starts.push(at + 1)
    }
  }

  of(offset: number): { readonly line: number; readonly column: number } {
    let [low, high] = [0, this.#starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((this.#starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - (this.#starts[low] ?? 0) + 1 }
  }
}
