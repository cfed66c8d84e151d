// SHOW and SET articdbm.position: what no server knows of. By the extended protocol each message has its answer here.
import { FeatureNotSupported } from '@articdbm/contract'
import type { Statement } from '@articdbm/sql'
import { encodeBackend } from '@articdbm/wire/postgres'
import { POSITION_SETTING, type PositionWish, positionWish } from '../route/position-wish.ts'
import type { SessionRoute } from '../route/session-route.ts'
import type { Done } from './here.ts'

const TEXT_OID = 25
const NO_TYPE_MODIFIER = -1

/** Undefined where the statements are about something else. */
export async function answerPosition(
  statements: readonly Statement[],
  route: SessionRoute,
): Promise<Done | undefined> {
  const tag = statements[0]?.kind.toUpperCase() ?? ''
  try {
    const wish = positionWish(statements)
    return wish && { tag, failure: undefined, rows: await rowsFor(wish, route) }
  } catch (failure) {
    return { tag, failure }
  }
}

async function rowsFor(wish: PositionWish, route: SessionRoute): Promise<readonly Buffer[]> {
  if (wish.kind === 'take') {
    route.takePosition(wish.token)
    return []
  }
  const token = await route.tellPosition()
  return [COLUMN, encodeBackend({ kind: 'dataRow', values: [Buffer.from(token)] })]
}

const COLUMN = encodeBackend({
  kind: 'rowDescription',
  fields: [
    {
      ...{ name: POSITION_SETTING, tableOid: 0, columnNumber: 0, typeOid: TEXT_OID },
      ...{ typeSize: -1, typeModifier: NO_TYPE_MODIFIER, format: 0 },
    },
  ],
})
const NO_DATA = encodeBackend({ kind: 'noData' })
const NO_PARAMETERS = encodeBackend({ kind: 'parameterDescription', typeOids: [] })

/** What Describe says of one of these, once it is prepared. */
export interface OwnShape {
  readonly ofStatement: Buffer
  readonly ofPortal: Buffer
}

/** Undefined where the statements are about something else; a fault where it is a form that nobody takes. */
export function ownShape(
  statements: readonly Statement[],
): OwnShape | FeatureNotSupported | undefined {
  try {
    const wish = positionWish(statements)
    const ofPortal = wish?.kind === 'tell' ? COLUMN : NO_DATA
    return wish && { ofStatement: Buffer.concat([NO_PARAMETERS, ofPortal]), ofPortal }
  } catch (error) {
    if (error instanceof FeatureNotSupported) return error
    throw error
  }
}
