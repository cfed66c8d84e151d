// Masks: what people see of a column instead of what it holds, and who sees it plainly.
import { type Static, Type } from 'typebox'
import { MaskedColumn, MaskedTable, MaskForm } from '../masking.ts'
import { DatabaseName, Instant, Role, UserName } from '../vocabulary.ts'
import { PageQuery } from './envelope.ts'

const STRICT = { additionalProperties: false } as const

const ExceptRoles = Type.Array(Role, { maxItems: 3, uniqueItems: true })
const ExceptUsers = Type.Array(UserName, { maxItems: 200, uniqueItems: true })

export const Mask = Type.Object(
  {
    id: Type.String(),
    database: DatabaseName,
    table: MaskedTable,
    column: MaskedColumn,
    form: MaskForm,
    /** Whoever has one of these roles sees what the column holds. */
    exceptRoles: ExceptRoles,
    /** These people see it, too, whatever their role. */
    exceptUsers: ExceptUsers,
    createdBy: Type.String(),
    createdAt: Instant,
    updatedAt: Instant,
    version: Type.Integer(),
  },
  { title: 'Mask' },
)
export type Mask = Static<typeof Mask>

/** It counts at once. */
export const MaskCreation = Type.Object(
  {
    database: DatabaseName,
    table: MaskedTable,
    column: MaskedColumn,
    form: MaskForm,
    /** Left out: no role is excepted. */
    exceptRoles: Type.Optional(ExceptRoles),
    /** Left out: nobody is excepted. */
    exceptUsers: Type.Optional(ExceptUsers),
  },
  { ...STRICT, title: 'MaskCreation' },
)
export type MaskCreation = Static<typeof MaskCreation>

/** A mask stays with its column: another column gets a mask of its own. */
export const MaskChange = Type.Object(
  {
    form: Type.Optional(MaskForm),
    /** Replaces all of them. */
    exceptRoles: Type.Optional(ExceptRoles),
    /** Replaces all of them. */
    exceptUsers: Type.Optional(ExceptUsers),
    version: Type.Optional(Type.Integer()),
  },
  { ...STRICT, minProperties: 1, title: 'MaskChange' },
)
export type MaskChange = Static<typeof MaskChange>

export const MaskQuery = Type.Object({
  ...PageQuery.properties,
  database: Type.Optional(Type.String({ maxLength: 63 })),
})
export type MaskQuery = Static<typeof MaskQuery>
