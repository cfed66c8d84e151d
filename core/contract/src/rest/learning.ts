// What applications were seen to send, learnt from the audit.
import { type Static, Type } from 'typebox'
import { DatabaseName, Instant, UserName } from '../vocabulary.ts'
import { PageQuery } from './envelope.ts'
import { StoppedBy } from './firewall.ts'

const STRICT = { additionalProperties: false } as const
const Application = Type.String({ maxLength: 255 })

/** `learnt` from the audit, `promoted` by somebody, or `denied`: refused, though it may be made of what is known. */
export const HabitState = Type.Union([
  Type.Literal('learnt'),
  Type.Literal('promoted'),
  Type.Literal('denied'),
])
export type HabitState = Static<typeof HabitState>

/** What one person's application is known for, on one database. */
export const LearntApplication = Type.Object(
  {
    database: DatabaseName,
    user: Type.String(),
    application: Application,
    habits: Type.Integer(),
    denied: Type.Integer(),
    statements: Type.Integer(),
    /** How likely its next statement is unlike any before, 0 to 1. */
    novelty: Type.Number(),
    /** `well`: what is strange is blocked where the policy blocks; `somewhat`: with a sign of injection; `hardly`: it alerts. */
    known: Type.Union([Type.Literal('well'), Type.Literal('somewhat'), Type.Literal('hardly')]),
    firstSeenAt: Instant,
    lastSeenAt: Instant,
  },
  { title: 'LearntApplication' },
)
export type LearntApplication = Static<typeof LearntApplication>

/** Statements that do the same, but for values, and the number and order of their parts. */
export const Habit = Type.Object(
  {
    id: Type.String(),
    database: DatabaseName,
    user: Type.String(),
    application: Application,
    state: HabitState,
    /** One of them. */
    sample: Type.String(),
    count: Type.Integer(),
    firstSeenAt: Instant,
    lastSeenAt: Instant,
  },
  { title: 'Habit' },
)
export type Habit = Static<typeof Habit>

export const LearningQuery = Type.Object({
  database: Type.Optional(Type.String({ maxLength: 63 })),
})
export type LearningQuery = Static<typeof LearningQuery>

export const HabitQuery = Type.Object({
  ...PageQuery.properties,
  database: Type.Optional(Type.String({ maxLength: 63 })),
  user: Type.Optional(Type.String({ maxLength: 63 })),
  application: Type.Optional(Application),
  state: Type.Optional(HabitState),
})
export type HabitQuery = Static<typeof HabitQuery>

export const LearningRequest = Type.Object(
  {
    database: DatabaseName,
    user: Type.Optional(UserName),
    application: Type.Optional(Application),
    /** How far back; left out: 7. */
    days: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })),
  },
  { ...STRICT, title: 'LearningRequest' },
)
export type LearningRequest = Static<typeof LearningRequest>

export const LearningResult = Type.Object(
  {
    from: Instant,
    until: Instant,
    stoppedBy: StoppedBy,
    examined: Type.Integer(),
    learnt: Type.Integer(),
    /** Not learnt: refused, marked by a rule, or with signs of injection. */
    leftOut: Type.Integer(),
    newHabits: Type.Integer(),
  },
  { title: 'LearningResult' },
)
export type LearningResult = Static<typeof LearningResult>

export const HabitChange = Type.Object({ state: HabitState }, { ...STRICT, title: 'HabitChange' })
export type HabitChange = Static<typeof HabitChange>

/** A statement as the audit has it, to be known from now on, or denied. */
export const HabitCreation = Type.Object(
  {
    auditId: Type.String({ minLength: 1, maxLength: 64 }),
    state: Type.Union([Type.Literal('promoted'), Type.Literal('denied')]),
  },
  { ...STRICT, title: 'HabitCreation' },
)
export type HabitCreation = Static<typeof HabitCreation>
