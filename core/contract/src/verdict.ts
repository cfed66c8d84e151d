import { type Static, Type } from 'typebox'

export const VerdictAction = Type.Union([
  Type.Literal('allow'),
  Type.Literal('alert'),
  Type.Literal('block'),
])
export type VerdictAction = Static<typeof VerdictAction>

/** One detector's contribution to a verdict. Offsets count UTF-16 units in the request's text. */
export const Finding = Type.Object({
  category: Type.String(),
  confidence: Type.Integer({ minimum: 0, maximum: 100 }),
  start: Type.Integer({ minimum: 0 }),
  end: Type.Integer({ minimum: 0 }),
  why: Type.String(),
})
export type Finding = Static<typeof Finding>

/** What the firewall says of a statement. `rule` is empty for a plain allow; `message` is for the person. */
export const Verdict = Type.Object({
  action: VerdictAction,
  rule: Type.String(),
  score: Type.Integer({ minimum: 0, maximum: 100 }),
  message: Type.String(),
  findings: Type.Array(Finding),
})
export type Verdict = Static<typeof Verdict>
