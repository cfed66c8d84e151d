// What may go the quick way to a session's own connection.
import type { Analysis, Statement } from '@articdbm/sql'
import { setStatementId } from '@articdbm/wire/mysql'
import { runUnreadCode } from '../../admit/unread-code.ts'
import { classify } from '../../route/classify.ts'
import type { MysqlBackend } from '../backend/connection.ts'
import { asksAboutLast } from '../lane/last-answered.ts'
import type { Plan } from '../lane/quick-path.ts'
import { pinReason } from './effects.ts'
import { filesOf } from './local-file.ts'

/** What follows from the connection before, and has to be carried to the next one. */
export const ASKS_INSERT_ID = /last_insert_id|@@(?:session\.|local\.)?identity/i

const KINDS: ReadonlySet<string> = new Set(['begin', 'commit', 'rollback'])
const known = new WeakMap<Analysis, boolean>()

/** One statement that leaves nothing on its connection but a transaction, and asks nothing about the connection itself. */
export function isPlainForOwn(analysis: Analysis): boolean {
  const before = known.get(analysis)
  if (before !== undefined) return before
  const [statement, another] = analysis.statements
  const isPlain =
    statement !== undefined &&
    !another &&
    classify(analysis).class !== 'server' &&
    !asksAboutLast(analysis.text) &&
    !ASKS_INSERT_ID.test(analysis.text) &&
    isPlainOne(statement)
  known.set(analysis, isPlain)
  return isPlain
}

function isPlainOne(statement: Statement): boolean {
  if (pinReason(statement) !== undefined || filesOf([statement]).length > 0) return false
  if (runUnreadCode([statement])) return false
  return statement.session.every(({ kind }) => KINDS.has(kind))
}

/** Undefined where the connection would have to prepare it first. */
export function bytesFor({ bytes, prepared }: Plan, connection: MysqlBackend): Buffer | undefined {
  if (!prepared) return bytes
  const id = connection.prepared.find(prepared.key)
  if (id === undefined) return undefined
  setStatementId(bytes, id)
  return bytes
}
