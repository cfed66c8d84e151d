// The masks that hold for one person on one database.
import type { MaskForm, SnapshotMask } from '@articdbm/contract'
import { tableTest } from '../rules/conditions.ts'
import { foldName } from './words.ts'

export interface CompiledMask {
  readonly fitsTable: (name: string, schema: string | undefined) => boolean
  /** Folded. */
  readonly column: string
  readonly form: MaskForm
}

/** None where the person sees everything as it is. */
export function masksFor(
  all: readonly SnapshotMask[],
  databaseId: string,
  person: { readonly principalId: string; readonly role: string },
): readonly CompiledMask[] {
  return all
    .filter((mask) => mask.databaseId === databaseId && !sees(mask, person))
    .map(({ table, column, form }) => ({
      ...{ fitsTable: maskedTable(table), column: foldName(column), form },
    }))
}

function sees(
  mask: SnapshotMask,
  { principalId, role }: { readonly principalId: string; readonly role: string },
): boolean {
  return mask.exceptRoles.some((one) => one === role) || mask.exceptPrincipals.includes(principalId)
}

/** A name that a statement leaves without schema may be one of any: a search path decides. */
function maskedTable(pattern: string): CompiledMask['fitsTable'] {
  const fits = tableTest(pattern)
  const fitsName = tableTest(pattern.slice(pattern.indexOf('.') + 1))
  return (name, schema) => (schema === undefined ? fitsName(name, '') : fits(name, schema))
}
