import { absorb, giveUp, innerDraft, touch } from './draft.ts'
import { isSwitchedOn } from './settings.ts'
import { nodeIn, nodesIn, type Tree } from './tree.ts'
import { type Place, type StatementReader, visitValue } from './walk.ts'

/** EXPLAIN plans, ANALYZE executes: then it does all that the statement in it does. */
export function explainReader(readInner: StatementReader): StatementReader {
  return (fields, at) => {
    const options = nodesIn(fields.options)
    visitValue(fields.options, at)
    at.draft.effects.add('read')
    const isExecuted = options.some(
      (option) => option.fields.defname === 'analyze' && isSwitchedOn(option.fields),
    )
    if (nodeIn(fields.query) === undefined) giveUp(at.draft, 'EXPLAIN of nothing')
    else if (isExecuted) readInner(fields, at)
    else plan(fields, at, readInner)
    return 'explain'
  }
}

/** A plan tells of the tables, so it takes the right to read them. Functions may be folded while planning. */
function plan(fields: Tree, at: Place, readInner: StatementReader): void {
  const inner = innerDraft(at.draft)
  readInner(fields, { ...at, draft: inner })
  for (const relation of inner.relations.values()) touch(at.draft, { ...relation, access: 'read' })
  at.draft.session.push(...inner.session.filter(({ kind }) => kind === 'execute'))
  absorb(at.draft, inner)
}
