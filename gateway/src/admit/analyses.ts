import type { Dialect } from '@articdbm/contract'
import { type Analysis, analyze, type LexicalModes } from '@articdbm/sql'
import { LRUCache } from 'lru-cache'

const MAX_ENTRIES = 10_000
/** In characters of statement text; an analysis weighs some ten times as much. */
const MAX_SIZE = 8_000_000
const MAX_CACHED_LENGTH = 65_536

/** Analyses by their text: applications send the same texts again and again. */
export class Analyses {
  readonly #known = new LRUCache<string, Analysis>({ max: MAX_ENTRIES, maxSize: MAX_SIZE })

  of(text: string, dialect: Dialect, modes: LexicalModes = {}): Analysis {
    if (text.length > MAX_CACHED_LENGTH) return analyze(text, dialect, modes)
    const key = `${dialect}${modes.ansiQuotes ? 'a' : ''}${modes.noBackslashEscapes ? 'b' : ''} ${text}`
    const known = this.#known.get(key)
    if (known) return known
    const analysis = analyze(text, dialect, modes)
    this.#known.set(key, analysis, { size: text.length + 100 })
    return analysis
  }
}
