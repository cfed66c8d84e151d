// Calls: which function, how dangerous, and what it does to session and sequences.
import type { FunctionCall } from '../statement.ts'
import { dangerOf } from './function-danger.ts'
import { noteSideEffects } from './side-effects.ts'
import { namesIn, numberOf, type Tree } from './tree.ts'
import { type Place, visitChildren } from './walk.ts'

export function visitFunctionCall(fields: Tree, at: Place): void {
  const call = noteCall(namesIn(fields.funcname), fields, at)
  if (call.danger === 'write') at.draft.effects.add('write')
  noteSideEffects(call, fields.args, at.draft)
  visitChildren('FuncCall', fields, at, ['funcname'])
}

function noteCall(names: readonly string[], fields: Tree, { draft }: Place): FunctionCall {
  const name = names.at(-1) ?? ''
  const schema = names.at(-2)
  const start = draft.source.offsetOf(numberOf(fields, 'location'))
  const call: FunctionCall = { schema, name, danger: dangerOf(schema, name), start }
  draft.functions.push(call)
  return call
}

/** An operator of another schema than pg_catalog is somebody's function. */
export function visitOperator(names: readonly string[], fields: Tree, at: Place): void {
  if (names.length < 2 || names.at(-2) === 'pg_catalog') return
  const start = at.draft.source.offsetOf(numberOf(fields, 'location'))
  at.draft.functions.push({
    schema: names.at(-2),
    name: names.at(-1) ?? '',
    danger: 'unknown',
    start,
  })
}
