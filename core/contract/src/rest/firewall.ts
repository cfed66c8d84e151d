// Rules of one's own, what they would have done, and bypasses.
import { type Static, type TString, Type } from 'typebox'
import { BypassedRule, RuleAction, RuleConditions, RuleName } from '../firewall.ts'
import { VerdictAction } from '../verdict.ts'
import { DatabaseName, Instant, UserName } from '../vocabulary.ts'
import { PageQuery } from './envelope.ts'

const STRICT = { additionalProperties: false } as const
const OrNull = <T extends TString>(type: T) => Type.Union([type, Type.Null()])

const Message = Type.String({ maxLength: 500 })

export const Rule = Type.Object(
  {
    name: RuleName,
    /** Null: of all databases. */
    database: OrNull(DatabaseName),
    isOn: Type.Boolean(),
    action: RuleAction,
    /** What the person is told who is refused; '' tells the rule's name alone. */
    message: Message,
    conditions: RuleConditions,
    createdBy: Type.String(),
    createdAt: Instant,
    updatedAt: Instant,
    version: Type.Integer(),
  },
  { title: 'Rule' },
)
export type Rule = Static<typeof Rule>

export const RuleCreation = Type.Object(
  {
    name: RuleName,
    database: Type.Optional(OrNull(DatabaseName)),
    /** Left out: off, so that it can be simulated first. */
    isOn: Type.Optional(Type.Boolean()),
    action: RuleAction,
    message: Type.Optional(Message),
    conditions: RuleConditions,
    /** The rule in front of which this one is looked at; left out or null: it is the last. */
    before: Type.Optional(OrNull(RuleName)),
  },
  { ...STRICT, title: 'RuleCreation' },
)
export type RuleCreation = Static<typeof RuleCreation>

export const RuleChange = Type.Object(
  {
    database: Type.Optional(OrNull(DatabaseName)),
    isOn: Type.Optional(Type.Boolean()),
    action: Type.Optional(RuleAction),
    message: Type.Optional(Message),
    /** Replaces all conditions. */
    conditions: Type.Optional(RuleConditions),
    /** Moves the rule in front of that one; null: to the end. Left out: it stays where it is. */
    before: Type.Optional(OrNull(RuleName)),
    version: Type.Optional(Type.Integer()),
  },
  { ...STRICT, minProperties: 1, title: 'RuleChange' },
)
export type RuleChange = Static<typeof RuleChange>

export const RuleQuery = Type.Object({
  ...PageQuery.properties,
  /** Rules of this database, and those of all. */
  database: Type.Optional(Type.String({ maxLength: 63 })),
})
export type RuleQuery = Static<typeof RuleQuery>

export const RuleSimulation = Type.Object(
  {
    database: Type.Optional(OrNull(DatabaseName)),
    conditions: RuleConditions,
    /** How far back; left out: 7. */
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 30 })),
  },
  { ...STRICT, title: 'RuleSimulation' },
)
export type RuleSimulation = Static<typeof RuleSimulation>

/** Why the oldest statements were not looked at: there are more than are read, or it took too long. Null: all were. */
export const StoppedBy = Type.Union([Type.Literal('statements'), Type.Literal('time'), Type.Null()])
export type StoppedBy = Static<typeof StoppedBy>

/** What a rule with these conditions would have met, of what the audit holds. */
export const SimulatedRule = Type.Object(
  {
    /** The oldest statement that was looked at, and the beginning of what was asked for if all were. */
    from: Instant,
    until: Instant,
    stoppedBy: StoppedBy,
    examined: Type.Integer(),
    /** Recorded by their beginning only: whether the rule holds can't be told. */
    unreadable: Type.Integer(),
    matched: Type.Integer(),
    /** Of the matched, those that were forwarded. */
    forwarded: Type.Integer(),
    people: Type.Array(Type.Object({ person: Type.String(), count: Type.Integer() }), {
      maxItems: 20,
    }),
    /** The newest matches, one a digest. */
    samples: Type.Array(
      Type.Object({
        auditId: Type.String(),
        at: Instant,
        person: Type.String(),
        database: Type.String(),
        sql: Type.String(),
        digest: Type.String(),
        verdict: VerdictAction,
        count: Type.Integer(),
      }),
      { maxItems: 20 },
    ),
  },
  { title: 'SimulatedRule' },
)
export type SimulatedRule = Static<typeof SimulatedRule>

const Digest = Type.String({ pattern: '^[0-9a-f]{16}$' })

export const Bypass = Type.Object(
  {
    id: Type.String(),
    database: DatabaseName,
    rule: BypassedRule,
    /** Null: whatever the statement. */
    digest: Type.Union([Type.String(), Type.Null()]),
    /** Null: everybody's. */
    user: Type.Union([Type.String(), Type.Null()]),
    reason: Type.String(),
    validUntil: Instant,
    createdBy: Type.String(),
    createdAt: Instant,
    /** When somebody ended it before its time. */
    endedAt: Type.Union([Instant, Type.Null()]),
  },
  { title: 'Bypass' },
)
export type Bypass = Static<typeof Bypass>

/** A statement or a person must be named: a rule that nobody needs for anything is changed or switched off instead. */
export const BypassCreation = Type.Object(
  {
    database: DatabaseName,
    rule: BypassedRule,
    digest: Type.Optional(Type.Union([Digest, Type.Null()])),
    user: Type.Optional(OrNull(UserName)),
    reason: Type.String({ minLength: 3, maxLength: 500 }),
    /** At most 90 days from now. */
    validUntil: Instant,
  },
  { ...STRICT, title: 'BypassCreation' },
)
export type BypassCreation = Static<typeof BypassCreation>

export const BypassQuery = Type.Object({
  ...PageQuery.properties,
  database: Type.Optional(Type.String({ maxLength: 63 })),
  /** Left out: both. */
  state: Type.Optional(Type.Union([Type.Literal('open'), Type.Literal('ended')])),
})
export type BypassQuery = Static<typeof BypassQuery>
