// firewall: an analysed request, a principal's grants and a policy become a verdict.
//
// What it is: grants (authorize.ts), what is closed to everybody (resources.ts, settings.ts), rules of one's own
// (rules/), what destroys (destructive.ts), what an application was never seen to send (learning/), what people may not see
// of a column (masking/) and the signs of injection (injection/), with what is let through (bypasses.ts), put together by
// judge.ts; inspect.ts is the same without a principal.
// What it must never do: I/O, read a clock, or allow what nothing grants.
// Begin with judge.ts.
export { findInjection } from './injection/find.ts'
export { scoreOf } from './injection/score.ts'
export { inspect } from './inspect.ts'
export { type JudgeInput, judge } from './judge.ts'
export { acquaintanceWith, judgeByLearning, Learner, type Learnt } from './learning/learnt.ts'
export { habitOf, TRAITS_VERSION, type Trait, traitsOf } from './learning/traits.ts'
export { type CompiledMask, masksFor } from './masking/masks.ts'
export { type Masking, type MaskPlan, maskingsOf } from './masking/plan.ts'
export { formsOf, maskText } from './masking/value.ts'
export type { Caller } from './rules/conditions.ts'
export { findMistake } from './rules/mistakes.ts'
export { holdsUntil, judgeByRules, NO_RULES, type RuleSet, rulesFor } from './rules/rules.ts'
