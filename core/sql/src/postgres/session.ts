// Statements that act on the session: prepared statements, cursors, settings, notifications, locks.
import { absorb, giveUp, innerDraft, touch, touchEverything } from './draft.ts'
import { settingEffects } from './settings.ts'
import { isTrue, nodeIn, numberOf, type Tree, textOf } from './tree.ts'
import { type Place, type StatementReader, visitValue } from './walk.ts'

export const SESSION_STATEMENTS: Readonly<Record<string, StatementReader>> = {
  PrepareStmt: readPrepare,
  ExecuteStmt: readExecute,
  DeallocateStmt: readDeallocate,
  DeclareCursorStmt: readDeclare,
  FetchStmt: (fields, at) => control(isTrue(fields, 'ismove') ? 'move' : 'fetch', at),
  ClosePortalStmt: (_fields, at) => control('close', at),
  VariableSetStmt: readSet,
  VariableShowStmt: readShow,
  ConstraintsSetStmt: readSetConstraints,
  DiscardStmt: readDiscard,
  ListenStmt: readListen,
  UnlistenStmt: (_fields, at) => control('unlisten', at),
  NotifyStmt: readNotify,
  LockStmt: readLock,
}

function control(kind: string, at: Place): string {
  at.draft.effects.add('control')
  return kind
}

/** What is prepared counts at once: a person who may not run it may not prepare it. */
function readPrepare(fields: Tree, at: Place): string {
  const name = textOf(fields, 'name') ?? ''
  const inner = innerDraft(at.draft)
  visitValue(fields.query, { ...at, draft: inner })
  for (const effect of inner.effects) at.draft.effects.add(effect)
  for (const relation of inner.relations.values()) touch(at.draft, relation)
  absorb(at.draft, inner)
  visitValue(fields.argtypes, at)
  at.draft.session.push({ kind: 'prepare', name, prepared: textAfterAs(at) })
  return control('prepare', at)
}

/** PREPARE name [ ( types ) ] AS statement: a type's modifiers hold no AS. */
function textAfterAs({ draft }: Place): string | undefined {
  const { words, text } = draft.source
  const as = words.findIndex(({ kind, value }, at) => at > 1 && kind === 'word' && value === 'as')
  const first = words[as + 1]
  const last = words.at(-1)
  if (as === -1 || first === undefined || last === undefined) return undefined
  return text.slice(first.start, last.end)
}

function readExecute(fields: Tree, at: Place): string {
  at.draft.session.push({ kind: 'execute', name: textOf(fields, 'name') ?? '' })
  visitValue(fields.params, at)
  return control('execute', at)
}

function readDeallocate(fields: Tree, at: Place): string {
  const name = isTrue(fields, 'isall') ? undefined : textOf(fields, 'name')
  at.draft.session.push({ kind: 'deallocate', name })
  return control('deallocate', at)
}

// CURSOR_OPT_HOLD
const WITH_HOLD = 0x20

function readDeclare(fields: Tree, at: Place): string {
  at.draft.effects.add('read')
  visitValue(fields.query, at)
  if ((numberOf(fields, 'options') & WITH_HOLD) !== 0) {
    at.draft.session.push({ kind: 'pin', reason: 'cursor with hold' })
  }
  return control('declare', at)
}

function readSet(fields: Tree, at: Place): string {
  at.draft.session.push(...settingEffects(fields))
  visitValue(fields.args, at)
  const isReset = fields.kind === 'VAR_RESET' || fields.kind === 'VAR_RESET_ALL'
  return control(isReset ? 'reset' : 'set', at)
}

function readShow(_fields: Tree, at: Place): string {
  at.draft.effects.add('read')
  return 'show'
}

function readSetConstraints(_fields: Tree, at: Place): string {
  const name = 'constraints'
  at.draft.session.push({ kind: 'set', scope: 'transaction', name, value: undefined })
  return control('set constraints', at)
}

function readDiscard(_fields: Tree, at: Place): string {
  at.draft.session.push({ kind: 'discard' })
  return control('discard', at)
}

function readListen(_fields: Tree, at: Place): string {
  at.draft.session.push({ kind: 'pin', reason: 'listen' })
  return control('listen', at)
}

function readNotify(_fields: Tree, at: Place): string {
  at.draft.effects.add('write')
  return control('notify', at)
}

function readLock(fields: Tree, at: Place): string {
  at.draft.effects.add('write')
  visitValue(fields.relations, { ...at, access: 'write' })
  if (nodeIn(Array.isArray(fields.relations) ? fields.relations[0] : undefined) === undefined) {
    giveUp(at.draft, 'LOCK without a table')
    touchEverything(at.draft)
  }
  return 'lock table'
}
