// `articdbm inspect`: JSON Lines {"id","sql"} in, one JSON line each out, in order.
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import type { Dialect } from '@articdbm/contract'
import { inspect } from '@articdbm/firewall'
import { type Analysis, analyze, loadGrammars, shapeOf, sharesShape } from '@articdbm/sql'

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
  return { id, ...inspectAnalysis(analyze(sql, dialect)) }
}

function inspectAnalysis(analysis: Analysis): Said {
  const verdict = inspect(analysis)
  return {
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
  const inspector = new Inspector(dialect)
  // The line that has begun, in the pieces that it comes in: a long one is put together once.
  let begun: string[] = []
  input.setEncoding('utf8')
  for await (const chunk of input) {
    const [piece = '', ...lines] = String(chunk).split('\n')
    begun.push(piece)
    const rest = lines.pop()
    if (rest === undefined) continue
    const whole = [begun.join(''), ...lines]
    begun = [rest]
    await write(output, whole.map((line) => answerTo(line, inspector)).join(''))
  }
  await write(output, answerTo(begun.join(''), inspector))
}

async function write(output: Writable, text: string): Promise<void> {
  if (text !== '' && !output.write(text)) await once(output, 'drain')
}

/** '' for a blank line. */
function answerTo(line: string, inspector: Inspector): string {
  if (line.trim() === '') return ''
  const row = parseLine(line)
  const id = row?.id ?? null
  const answer =
    typeof row?.sql === 'string'
      ? { id, ...inspector.inspect(row.sql) }
      : { id, error: 'not {"id","sql"}' }
  return `${JSON.stringify(answer)}\n`
}

type Said = Omit<Inspected, 'id'>

const MAX_KNOWN = 10_000

/** What says nothing against a text says nothing against any text that differs in plain literals alone. */
class Inspector {
  readonly #dialect: Dialect
  readonly #known = new Map<string, Said>()

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  inspect(sql: string): Said {
    const shape = shapeOf(sql, this.#dialect)
    const known = shape && this.#known.get(shape.key)
    if (known) return known
    const analysis = analyze(sql, this.#dialect)
    const said = inspectAnalysis(analysis)
    const isPlain = said.verdict === 'allow' && said.categories.length === 0
    if (shape && isPlain && sharesShape(analysis, shape)) this.#learn(shape.key, said)
    return said
  }

  #learn(key: string, said: Said): void {
    const [oldest] = this.#known.size < MAX_KNOWN ? [] : this.#known.keys()
    if (oldest !== undefined) this.#known.delete(oldest)
    this.#known.set(key, said)
  }
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
