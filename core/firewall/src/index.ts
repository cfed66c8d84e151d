// firewall: an analysed request, a principal's grants and a policy become a verdict.
//
// What it is: grants (authorize.ts), what is closed to everybody (resources.ts, settings.ts) and the signs of
// injection (injection/), put together by judge.ts; inspect.ts is the same without a principal.
// What it must never do: I/O, read a clock, or allow what nothing grants.
// Begin with judge.ts.
export { inspect } from './inspect.ts'
export { type JudgeInput, judge } from './judge.ts'
