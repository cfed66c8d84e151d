// BEGIN to ROLLBACK PREPARED.
import type { ParsedSessionEffect } from '../statement.ts'
import { touchEverything } from './draft.ts'
import { isSwitchedOn } from './settings.ts'
import { isTrue, nodesIn, type Tree, textOf } from './tree.ts'
import type { Place } from './walk.ts'

interface TransactionRow {
  readonly kind: string
  readonly effect?: 'begin' | 'commit' | 'rollback' | 'savepoint'
  /** Two-phase commit outlives the session, so it takes a grant on everything. */
  readonly isTwoPhase?: boolean
}

const TRANSACTIONS: Readonly<Record<string, TransactionRow>> = {
  TRANS_STMT_BEGIN: { kind: 'begin', effect: 'begin' },
  TRANS_STMT_START: { kind: 'start transaction', effect: 'begin' },
  TRANS_STMT_COMMIT: { kind: 'commit', effect: 'commit' },
  TRANS_STMT_ROLLBACK: { kind: 'rollback', effect: 'rollback' },
  TRANS_STMT_SAVEPOINT: { kind: 'savepoint', effect: 'savepoint' },
  TRANS_STMT_RELEASE: { kind: 'release savepoint', effect: 'savepoint' },
  TRANS_STMT_ROLLBACK_TO: { kind: 'rollback to savepoint', effect: 'savepoint' },
  TRANS_STMT_PREPARE: { kind: 'prepare transaction', effect: 'commit', isTwoPhase: true },
  TRANS_STMT_COMMIT_PREPARED: { kind: 'commit prepared', isTwoPhase: true },
  TRANS_STMT_ROLLBACK_PREPARED: { kind: 'rollback prepared', isTwoPhase: true },
}

/** Returns the statement's kind. */
export function readTransaction(fields: Tree, { draft }: Place): string {
  const row = TRANSACTIONS[textOf(fields, 'kind') ?? '']
  if (row === undefined) {
    draft.why ||= 'an unknown kind of transaction statement'
    return 'transaction'
  }
  draft.effects.add('control')
  if (row.isTwoPhase === true) touchEverything(draft)
  if (row.effect !== undefined) draft.session.push(effectOf(row.effect, fields))
  if (isTrue(fields, 'chain')) draft.session.push(effectOf('begin', fields))
  return row.kind
}

function effectOf(kind: NonNullable<TransactionRow['effect']>, fields: Tree): ParsedSessionEffect {
  return kind === 'begin' ? { kind, isReadOnly: isReadOnly(fields) } : { kind }
}

function isReadOnly(fields: Tree): boolean {
  const option = nodesIn(fields.options).findLast(
    (node) => node.fields.defname === 'transaction_read_only',
  )
  return option !== undefined && isSwitchedOn(option.fields)
}
