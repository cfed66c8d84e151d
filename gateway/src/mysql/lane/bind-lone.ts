import { areWholeValues, boundOf, encodeLoneExecute } from '@articdbm/wire/mysql'
import type { PreparedStatement } from '../server/prepared-statement.ts'

/** The COM_STMT_EXECUTE for a lane, with all types said; undefined where something isn't plain, or not there. */
export function bindLone(statement: PreparedStatement, body: Buffer): Buffer | undefined {
  const { parameters, longData, longBytes, cursor } = statement
  if (cursor || longBytes > 0 || longData.size > 0) return undefined
  if (parameters === 0) return encodeLoneExecute(undefined)
  const bound = boundOf(body, parameters)
  const types = bound?.types ?? statement.types
  if (!bound || !types || !areWholeValues(bound.values, types, bound.nulls)) return undefined
  statement.types = types
  return encodeLoneExecute({ ...bound, types })
}
