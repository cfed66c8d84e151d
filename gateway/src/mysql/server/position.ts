// SELECT @@articdbm.position and SET articdbm.position: what no server knows of.
import type { Statement } from '@articdbm/sql'
import { POSITION_SETTING, positionWish } from '../../route/position-wish.ts'
import type { SessionRoute } from '../../route/session-route.ts'
import { NotPreparable } from '../faults.ts'
import type { Constant } from '../session/constants.ts'

const ALIAS = /\sas\s+`?(\w+)`?\s*;?\s*$/i

/** Undefined where the statements are about something else; a SET has no rows. */
export async function positionAnswer(
  statements: readonly Statement[],
  route: SessionRoute,
): Promise<Constant | 'taken' | undefined> {
  const wish = positionWish(statements)
  if (wish?.kind === 'take') {
    route.takePosition(wish.token)
    return 'taken'
  }
  return wish && toldAs(statements, await route.tellPosition())
}

/** What its rows are going to be like. Throws NotPreparable for a SET. */
export function positionColumns(statements: readonly Statement[]): Constant | undefined {
  const wish = positionWish(statements)
  if (wish?.kind === 'take') throw new NotPreparable()
  return wish && toldAs(statements, '')
}

function toldAs([statement]: readonly Statement[], token: string): Constant {
  const alias = statement?.text.match(ALIAS)?.[1]
  return { names: [alias ?? `@@${POSITION_SETTING}`], rows: [[token]] }
}
