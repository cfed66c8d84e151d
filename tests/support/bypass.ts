// The tries of tests/corpus/bypass: what a reader of the one table `orders` must be refused.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dialect } from '@articdbm/contract'

const FOLDER = join(import.meta.dirname, '../corpus/bypass')

export interface Try {
  readonly id: string
  readonly sql: string
  readonly why: string
  /** Sent before, on the same session. */
  readonly setup?: readonly string[]
  /** False where no database would take it: it probes the grammar. */
  readonly valid?: boolean
}

/** All of `<dialect>*.jsonl`, a JSON object a line. */
export function bypassTries(dialect: Dialect): readonly Try[] {
  return readdirSync(FOLDER)
    .filter((name) => name.startsWith(dialect))
    .flatMap((name) => readFileSync(join(FOLDER, name), 'utf8').split('\n'))
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line))
}
