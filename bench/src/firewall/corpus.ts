// Statements with a label: injected, or what some application means to send.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dialect } from '@articdbm/contract'

export interface Labelled {
  readonly id: string
  readonly dialect: Dialect
  readonly sql: string
  readonly category: string
  readonly isInjected: boolean
  /** What was put in the place of a value, where that is known. */
  readonly payload: string | undefined
  /** What kind of value that was, where it is known: num, sq, order … */
  readonly context: string | undefined
  readonly source: string
}

interface Line {
  readonly id: string
  readonly dialect: string
  readonly sql: string
  readonly category: string
  readonly label: number
  readonly payload?: string
  readonly context?: string
  readonly source?: string
}

/** All JSON Lines files of a directory: `{id, dialect, sql, category, label}`, label 1 for injected. */
export function readCorpus(directory: string): readonly Labelled[] {
  if (!existsSync(directory)) return []
  const files = readdirSync(directory).filter((name) => name.endsWith('.jsonl'))
  return files.sort().flatMap((name) => readFile(join(directory, name)))
}

function readFile(path: string): readonly Labelled[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => {
    const { label, payload, context, source = '', ...rest } = JSON.parse(line) as Line
    const { id, sql, category } = rest
    const isInjected = label === 1
    return {
      id,
      sql,
      category,
      source,
      isInjected,
      payload,
      context,
      dialect: dialectOf(rest.dialect),
    }
  })
}

function dialectOf(name: string): Dialect {
  if (name === 'sqlite') return 'sqlite'
  return name.startsWith('postgres') ? 'postgres' : 'mysql'
}
