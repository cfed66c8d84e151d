// Rules of one's own, and bypasses: named, dated exceptions to a rule.
import { type Static, Type } from 'typebox'
import { BYPASSED_RULE } from './bounds.ts'
import { Door, Instant, Role } from './vocabulary.ts'

const STRICT = { additionalProperties: false } as const
const list = (maxLength: number) =>
  Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength }), { minItems: 1, maxItems: 200 }),
  )

/** `allow` ends the list of rules, it opens nothing: grants and the signs of injection are judged as ever. */
export const RuleAction = Type.Union([
  Type.Literal('allow'),
  Type.Literal('alert'),
  Type.Literal('block'),
])
export type RuleAction = Static<typeof RuleAction>

/** Times of a week in a time zone; from 22:00 to 06:00 is a night that ends on the day after. */
export const RuleHours = Type.Object(
  {
    is: Type.Union([Type.Literal('within'), Type.Literal('outside')]),
    /** 1 is Monday. */
    days: Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
      minItems: 1,
      maxItems: 7,
      uniqueItems: true,
    }),
    from: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
    until: Type.String({ pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }),
    /** As IANA names it: Europe/Vienna. */
    timeZone: Type.String({ minLength: 1, maxLength: 64 }),
  },
  STRICT,
)
export type RuleHours = Static<typeof RuleHours>

/** All that are given must hold; of a list, one. */
export const RuleConditions = Type.Object(
  {
    digests: list(64),
    /** `orders`, `sales.orders`, `sales.*`; a name without schema is one of any. */
    tables: list(260),
    /** Names, with `*` for any letters: of what a statement names, or may take by `*`, a whole row, TABLE or COPY. */
    columns: list(128),
    access: Type.Optional(Type.Union([Type.Literal('read'), Type.Literal('write')])),
    effects: Type.Optional(
      Type.Array(
        Type.Union([
          Type.Literal('read'),
          Type.Literal('write'),
          Type.Literal('define'),
          Type.Literal('control'),
        ]),
        { minItems: 1, maxItems: 4, uniqueItems: true },
      ),
    ),
    functions: list(128),
    /** A regular expression (RE2: no look-around, no back-references) on the statement's text, in any case. */
    pattern: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
    users: list(63),
    roles: Type.Optional(Type.Array(Role, { minItems: 1, maxItems: 3, uniqueItems: true })),
    /** Addresses and networks: 10.0.0.0/8, 2001:db8::/32. */
    addresses: list(64),
    /** With `*` for any letters: `Metabase*`. */
    applications: list(128),
    doors: Type.Optional(Type.Array(Door, { minItems: 1, maxItems: 4, uniqueItems: true })),
    hours: Type.Optional(RuleHours),
  },
  { ...STRICT, minProperties: 1, title: 'RuleConditions' },
)
export type RuleConditions = Static<typeof RuleConditions>

/** Also what a verdict names: `rule.no-exports-at-night`. */
export const RuleName = Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$' })

/** In the order in which they are looked at. Rules that are switched off are not in a snapshot. */
export const SnapshotRule = Type.Object({
  name: RuleName,
  /** Null: of all databases. */
  databaseId: Type.Union([Type.String(), Type.Null()]),
  action: RuleAction,
  /** For the person; '' says the rule's name alone. */
  message: Type.String(),
  conditions: RuleConditions,
})
export type SnapshotRule = Static<typeof SnapshotRule>

/** What becomes of a statement with traits that its application was never seen to have. */
export const LearningMode = Type.Union([
  Type.Literal('off'),
  Type.Literal('alert'),
  Type.Literal('block'),
])
export type LearningMode = Static<typeof LearningMode>

/** What one person's application is known to send to a database. */
export const SnapshotLearnt = Type.Object({
  databaseId: Type.String(),
  principalId: Type.String(),
  application: Type.String(),
  /** So many were learnt, repetitions included. */
  statements: Type.Integer(),
  novelty: Type.Number(),
  structureNovelty: Type.Number(),
  traits: Type.Array(Type.String()),
  /** Habits that somebody has denied. */
  denied: Type.Array(Type.String()),
})
export type SnapshotLearnt = Static<typeof SnapshotLearnt>

export const BypassedRule = Type.String({ pattern: BYPASSED_RULE.source, maxLength: 64 })

export const SnapshotBypass = Type.Object({
  id: Type.String(),
  databaseId: Type.String(),
  rule: BypassedRule,
  /** '' for any statement. */
  digest: Type.String(),
  /** Null: everybody's. */
  principalId: Type.Union([Type.String(), Type.Null()]),
  validUntil: Instant,
})
export type SnapshotBypass = Static<typeof SnapshotBypass>
