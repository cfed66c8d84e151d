import { boundOf, encodeLoneExecute, type LoneCommand } from '@articdbm/wire/mysql'
import type { PreparedStatement } from '../server/prepared-statement.ts'
import type { SessionSide } from '../session/executor.ts'

/** The COM_STMT_EXECUTE for a lane, with all types said; undefined where something isn't plain, or not there. */
export function bindLone(
  statement: PreparedStatement,
  command: Extract<LoneCommand, { kind: 'execute' }>,
  { saysAttributes }: Pick<SessionSide, 'saysAttributes'>,
): Buffer | undefined {
  const { parameters, longData, longBytes, cursor, types } = statement
  if (cursor || longBytes > 0 || longData.size > 0) return undefined
  if (parameters === 0) return encodeLoneExecute(undefined)
  const bound = boundOf(command, { parameters, types, saysAttributes })
  if (!bound) return undefined
  statement.types = bound.types
  return encodeLoneExecute(bound)
}
