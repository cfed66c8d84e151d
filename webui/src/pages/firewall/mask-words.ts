// What a mask shows and to whom, in words.
import type { Mask, MaskForm } from '@articdbm/contract'
import { ROLES } from '../../services/words.ts'
import { some } from './in-words.ts'

interface FormWords {
  readonly label: string
  /** How a value looks, for a table's cell. */
  readonly example: string
  readonly hint: string
}

export const MASK_FORMS: Readonly<Record<MaskForm, FormWords>> = {
  full: {
    label: 'Full',
    example: '****',
    hint: 'Every text is shown as ****',
  },
  partial: {
    label: 'Partial',
    example: '****1234',
    hint: 'The last four characters are shown, but no more than a quarter of the text',
  },
  hash: {
    label: 'Hash',
    example: '9f86d081884c7d65',
    hint: 'The same value has the same code, within this database: rows can still be matched',
  },
  null: {
    label: 'Null',
    example: 'NULL',
    hint: 'Nothing is shown',
  },
}

export function plainlyInWords({ exceptRoles, exceptUsers }: Mask): string {
  const roles = exceptRoles.map((role) => `${ROLES[role].label.toLowerCase()}s`)
  const named = [...roles, ...exceptUsers]
  return named.length === 0 ? 'nobody' : some(named)
}

export function columnOf({ table, column }: Pick<Mask, 'table' | 'column'>): string {
  return `${table}.${column}`
}
