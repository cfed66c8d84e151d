// sql: a request's text becomes statements: what each does, to which relations, and whether it was understood.
//
// What it is: one grammar a dialect (postgres/, mysql/, sqlite/), one shape of result (statement.ts).
// What it must never do: I/O, guess, or leave anything out: what it can't read is `isComplete: false`.
// Begin with statement.ts, then analyze.ts.
export { endOfAlike } from './alike.ts'
export { analyze, loadGrammars, tokensBetween } from './analyze.ts'
export { type Shape, shapeOf, sharesShape } from './shape.ts'
export * from './statement.ts'
