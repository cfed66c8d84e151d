// Calls: which function, how dangerous, and what it does to session and sequences.
import type { FunctionCall } from '../statement.ts'
import { dangerOf } from './function-danger.ts'
import { isPlainSetting, noteSideEffects } from './side-effects.ts'
import { namesIn, numberOf, type Tree } from './tree.ts'
import { type Place, visitChildren } from './walk.ts'

export function visitFunctionCall(fields: Tree, at: Place): void {
  const call = readCall(fields, at)
  at.draft.functions.push(call)
  if (call.danger === 'write') at.draft.effects.add('write')
  visitChildren('FuncCall', fields, at, ['funcname'])
}

function readCall(fields: Tree, { draft }: Place): FunctionCall {
  const names = namesIn(fields.funcname)
  const name = names.at(-1) ?? ''
  const schema = names.at(-2)
  const start = draft.source.offsetOf(numberOf(fields, 'location'))
  const danger = dangerOf(schema, name)
  if (danger !== 'write') return { schema, name, danger, start }
  const args = Array.isArray(fields.args) ? fields.args : []
  noteSideEffects(name, args, draft)
  return { schema, name, danger: isPlainSetting(name, args) ? 'safe' : danger, start }
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
