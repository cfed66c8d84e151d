// Masks: what people see of a column instead of what it holds.
import { type Static, Type } from 'typebox'
import { Role } from './vocabulary.ts'

/**
 * What is shown. `full`: `****`. `partial`: `****` and the last four characters, but no more than a quarter of the text.
 * `hash`: the same 16 hexadecimal digits for the same text of this database, so that rows can be matched. `null`: nothing.
 * Of values that are no text, numbers and dates for instance, each shows nothing.
 */
export const MaskForm = Type.Union([
  Type.Literal('full'),
  Type.Literal('partial'),
  Type.Literal('hash'),
  Type.Literal('null'),
])
export type MaskForm = Static<typeof MaskForm>

/** `people`, `hr.people`, `hr.*`, with `*` for any letters; a name without schema is one of any. In any case, without quotes. */
export const MaskedTable = Type.String({ minLength: 1, maxLength: 260 })
/** A column's name, in any case, without quotes. */
export const MaskedColumn = Type.String({ minLength: 1, maxLength: 128 })

export const SnapshotMask = Type.Object({
  id: Type.String(),
  databaseId: Type.String(),
  table: MaskedTable,
  column: MaskedColumn,
  form: MaskForm,
  /** These see what the column holds. */
  exceptRoles: Type.Array(Role, { maxItems: 3, uniqueItems: true }),
  exceptPrincipals: Type.Array(Type.String(), { maxItems: 200, uniqueItems: true }),
})
export type SnapshotMask = Static<typeof SnapshotMask>
