import { LIMITS } from '../limits.ts'
import { notUnderstood } from '../not-understood.ts'
import type { Parsed, Token } from '../statement.ts'
import { queryOrChange } from './change.ts'
import {
  analyzeTables,
  attach,
  begin,
  commit,
  detach,
  reindex,
  release,
  rollback,
  savepoint,
  vacuum,
} from './control.ts'
import { alter, create, drop } from './define.ts'
import { pragma } from './pragma.ts'
import { NotUnderstood, Reader } from './reader.ts'
import { select } from './select.ts'

type Read = (reader: Reader) => void

const STATEMENTS: Readonly<Record<string, Read>> = {
  select: queryOrChange,
  values: queryOrChange,
  with: queryOrChange,
  insert: queryOrChange,
  replace: queryOrChange,
  update: queryOrChange,
  delete: queryOrChange,
  create,
  drop,
  alter,
  begin,
  commit,
  end: commit,
  rollback,
  savepoint,
  release,
  pragma,
  attach,
  detach,
  vacuum,
  reindex,
  analyze: analyzeTables,
  explain,
}

const EFFECTIVE_WHEN_COMPILED = new Set(['pragma', 'attach', 'detach', 'vacuum'])

export function parse(text: string, tokens: readonly Token[]): readonly Parsed[] {
  const end = text.length
  if (tokens.length > LIMITS.maxTokens) {
    return [notUnderstood({ start: 0, end, why: 'too many tokens' })]
  }
  const reader = new Reader(tokens, select)
  const statements: Parsed[] = []
  while (reader.next !== undefined) {
    if (reader.acceptOperator(';')) continue
    if (statements.length === LIMITS.maxStatements) {
      const why = `more than ${LIMITS.maxStatements} statements`
      return [notUnderstood({ start: 0, end, why })]
    }
    statements.push(statement(reader, text))
  }
  return statements
}

function statement(reader: Reader, text: string): Parsed {
  reader.begin()
  const start = reader.next?.start ?? 0
  try {
    read(reader)
    if (reader.next !== undefined && !reader.seesOperator(';')) reader.fail()
    return reader.findings.parsed(start, reader.last?.end ?? start)
  } catch (error) {
    if (!(error instanceof NotUnderstood)) throw error
    // Where a statement that isn't understood ends isn't known either: the rest of the text goes with it.
    reader.skipAll()
    return notUnderstood({ start, end: text.length, why: error.message })
  }
}

function read(reader: Reader): void {
  const { next } = reader
  const known = next?.kind === 'word' && Object.hasOwn(STATEMENTS, next.value)
  const part = known ? STATEMENTS[next.value] : undefined
  if (part === undefined) reader.fail()
  else part(reader)
}

/** A PRAGMA takes effect while it is compiled, so EXPLAIN doesn't tame it. */
function explain(reader: Reader): void {
  reader.expect('explain')
  reader.accept('query', 'plan')
  if (reader.sees('explain')) reader.fail()
  read(reader)
  if (!EFFECTIVE_WHEN_COMPILED.has(reader.findings.kind)) reader.findings.explain()
  reader.findings.kind = 'explain'
}
