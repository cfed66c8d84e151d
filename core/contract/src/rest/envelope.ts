// The envelope of every REST answer: success carries data, failure carries a code; both carry meta.
import { type Static, type TSchema, Type } from 'typebox'

export const Meta = Type.Object(
  {
    /** Of the product, as in `.version`. */
    version: Type.String(),
    requestId: Type.String(),
  },
  { title: 'Meta' },
)
export type Meta = Static<typeof Meta>

export const PageMeta = Type.Object(
  {
    version: Type.String(),
    requestId: Type.String(),
    total: Type.Integer({ minimum: 0 }),
    limit: Type.Integer({ minimum: 1 }),
    offset: Type.Integer({ minimum: 0 }),
  },
  { title: 'PageMeta' },
)
export type PageMeta = Static<typeof PageMeta>

export const CursorMeta = Type.Object(
  {
    version: Type.String(),
    requestId: Type.String(),
    limit: Type.Integer({ minimum: 1 }),
    /** Pass it as `cursor` for the next page; null on the last one. */
    nextCursor: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'CursorMeta' },
)
export type CursorMeta = Static<typeof CursorMeta>

export function Success<T extends TSchema>(data: T) {
  return Type.Object({ status: Type.Literal('success'), data, meta: Meta })
}

export function Page<T extends TSchema>(item: T) {
  return Type.Object({ status: Type.Literal('success'), data: Type.Array(item), meta: PageMeta })
}

export function CursorPage<T extends TSchema>(item: T) {
  return Type.Object({ status: Type.Literal('success'), data: Type.Array(item), meta: CursorMeta })
}

export const FieldProblem = Type.Object(
  { field: Type.String(), message: Type.String() },
  { title: 'FieldProblem' },
)
export type FieldProblem = Static<typeof FieldProblem>

export const Problem = Type.Object(
  {
    status: Type.Literal('error'),
    /** A stable code, such as `not_found`: docs/ERRORS.md lists them. */
    error: Type.String(),
    message: Type.String(),
    meta: Type.Object({
      version: Type.String(),
      requestId: Type.String(),
      /** What the person can do about it. */
      hint: Type.Optional(Type.String()),
      /** With `validation_failed`: what is wrong where. */
      fields: Type.Optional(Type.Array(FieldProblem)),
      /** With `statement_blocked`: which rule, and the id of the audit row. */
      rule: Type.Optional(Type.String()),
      verdictId: Type.Optional(Type.String()),
      /** With a statement's failure: SQLSTATE or MySQL errno as the door said it. */
      sqlState: Type.Optional(Type.String()),
      mysqlErrno: Type.Optional(Type.Integer()),
      /** Characters from the beginning of the request's text, from 1. */
      position: Type.Optional(Type.Integer()),
      retryAfterSeconds: Type.Optional(Type.Integer()),
    }),
  },
  { title: 'Problem' },
)
export type Problem = Static<typeof Problem>

export const PageQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
  offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000, default: 0 })),
})
export type PageQuery = Static<typeof PageQuery>

export const Empty = Type.Object({}, { additionalProperties: false, title: 'Empty' })
