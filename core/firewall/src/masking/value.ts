// What is shown in place of a value.
import { createHmac } from 'node:crypto'
import type { MaskForm } from '@articdbm/contract'
import type { MaskPlan } from './plan.ts'
import { foldName } from './words.ts'

/**
 * A text's mask; null where nothing is shown. `key`: of this database alone, so that nobody can tell by trying which value
 * has a hash.
 */
export function maskText(form: MaskForm, text: string, key: Uint8Array): string | null {
  switch (form) {
    case 'full':
      return HIDDEN
    case 'partial':
      return HIDDEN + tailOf(text)
    case 'hash':
      return createHmac('sha256', key).update(text).digest('hex').slice(0, HASH_DIGITS)
    case 'null':
      return null
  }
}

const HIDDEN = '****'
const HASH_DIGITS = 16
const MAX_TAIL = 4

/** A quarter of its characters at most. */
function tailOf(text: string): string {
  const characters = [...text.slice(-MAX_TAIL_UNITS)]
  const length = text.length > MAX_TAIL_UNITS ? Number.POSITIVE_INFINITY : characters.length
  const shown = Math.min(MAX_TAIL, Math.floor(length / 4))
  return shown === 0 ? '' : characters.slice(-shown).join('')
}

const MAX_TAIL_UNITS = 64

/** The masks of a result's columns, in their order; undefined where it hasn't the columns that were judged. */
export function formsOf(
  plan: MaskPlan,
  columns: readonly string[],
): readonly (MaskForm | undefined)[] | undefined {
  const { places, names } = plan
  if (places === undefined) return columns.map((name) => names.get(foldName(name)))
  return places.length === columns.length ? places : undefined
}
