// `articdbm inspect`: JSON Lines {"id","sql"} in, one JSON line each out, in order.
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Dialect } from '@articdbm/contract'
import { inspect } from '@articdbm/firewall'
import { type Analysis, analyze, loadGrammars } from '@articdbm/sql'

/** `id` is whatever the line had; a bare argument has none. */
export interface Inspected {
  readonly id: unknown
  readonly verdict: 'allow' | 'alert' | 'block'
  readonly score: number
  readonly rule: string
  readonly categories: readonly string[]
  readonly effects: readonly string[]
  readonly relations: readonly { readonly name: string; readonly access: 'read' | 'write' }[]
  readonly digest: string
  readonly complete: boolean
}

export function inspectText(id: unknown, sql: string, dialect: Dialect): Inspected {
  const analysis = analyze(sql, dialect)
  const verdict = inspect(analysis)
  return {
    id,
    verdict: verdict.action,
    score: verdict.score,
    rule: verdict.rule,
    categories: unique(verdict.findings.map(({ category }) => category)),
    effects: unique(analysis.statements.flatMap(({ effects }) => effects)),
    relations: relationsOf(analysis),
    digest: analysis.statements.map(({ digest }) => digest).join(','),
    complete: analysis.isComplete,
  }
}

/** Reads until the input ends; a line that isn't {"id","sql"} is answered with an error in its place. */
export async function inspectLines(
  input: Readable,
  output: Writable,
  dialect: Dialect,
): Promise<void> {
  await loadGrammars()
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    const hasRoom = output.write(`${JSON.stringify(inspectLine(line, dialect))}\n`)
    if (!hasRoom) await new Promise((resolve) => output.once('drain', resolve))
  }
}

function inspectLine(line: string, dialect: Dialect): Inspected | { id: unknown; error: string } {
  const row = parseLine(line)
  if (typeof row?.sql !== 'string') return { id: row?.id ?? null, error: 'not {"id","sql"}' }
  return inspectText(row.id ?? null, row.sql, dialect)
}

function parseLine(line: string): { readonly id?: unknown; readonly sql?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function relationsOf(analysis: Analysis): Inspected['relations'] {
  const all = analysis.statements.flatMap(({ relations }) => relations)
  const named = all.map(({ schema, name, access }) => ({
    name: schema === undefined ? name : `${schema}.${name}`,
    access,
  }))
  return [...new Map(named.map((one) => [`${one.access} ${one.name}`, one])).values()]
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)]
}
