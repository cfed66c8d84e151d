// A session asks how far it has written, and another one is told to read no earlier state: statements that the gateway
// answers itself, in the words of each door. PostgreSQL: SHOW and SET; MySQL: SELECT @@ and SET.
import { FeatureNotSupported } from '@articdbm/contract'
import type { Statement } from '@articdbm/sql'

export const POSITION_SETTING = 'articdbm.position'

const TELLS =
  /^(?:show\s+(?:articdbm\.position|"articdbm\.position")|select\s+@@(?:session\.)?articdbm\.position(?:\s+as\s+`?\w{1,64}`?)?)\s*;?$/i
/** Longer texts ask for something else. */
const MAX_LENGTH = 200

export type PositionWish =
  | { readonly kind: 'tell' }
  /** Undefined: what was taken before counts no more. */
  | { readonly kind: 'take'; readonly token: string | undefined }

/** Undefined where nothing of it is about positions. Throws FeatureNotSupported where it is, in a form nobody takes. */
export function positionWish(statements: readonly Statement[]): PositionWish | undefined {
  const [statement, more] = statements
  if (!statement) return undefined
  if (!more && isTold(statement)) return { kind: 'tell' }
  if (!statements.some(setsPosition)) return undefined
  const wish = more ? undefined : takeWish(statement)
  if (wish) return wish
  throw new FeatureNotSupported(
    `${POSITION_SETTING} is set by SET for the session, to a text, as the only thing of its statement`,
  )
}

function isTold({ kind, text }: Statement): boolean {
  const mayBe = kind === 'show' || kind === 'select'
  return mayBe && text.length <= MAX_LENGTH && TELLS.test(text.trim())
}

function setsPosition({ session }: Statement): boolean {
  return session.some((effect) => effect.kind === 'set' && effect.name === POSITION_SETTING)
}

function takeWish({ kind, session, functions }: Statement): PositionWish | undefined {
  const [effect, another] = session
  const isPlain = !another && functions.length === 0 && (kind === 'set' || kind === 'reset')
  if (!isPlain || effect?.kind !== 'set' || effect.scope !== 'session') return undefined
  const isForgotten = effect.value === undefined || effect.value.toLowerCase() === 'default'
  return { kind: 'take', token: isForgotten ? undefined : effect.value }
}
