import type { Statement } from '@articdbm/sql'
import type { SessionRoute } from '../route/session-route.ts'
import { type Done, deallocateHere } from './deallocate.ts'
import type { Names } from './names.ts'
import { answerPosition } from './position.ts'

/** What the gateway alone knows of; undefined where the statements are about something else. */
export async function answerHere(
  statements: readonly Statement[],
  names: Names,
  route: SessionRoute,
): Promise<Done | undefined> {
  return deallocateHere(statements, names) ?? answerPosition(statements, route)
}
