import type { Statement } from '@articdbm/sql'

/** Names are cut by the server beyond this; such a LISTEN is left to it. */
const MAX_NAME_BYTES = 63
const WISH = /^(listen|unlisten)\s+(?:("(?:[^"\0]|"")+")|([a-z_][a-z0-9_$]*)|(\*))\s*;?$/i

/** LISTEN or UNLISTEN of one channel; undefined: of all. */
export interface ListenWish {
  readonly kind: 'listen' | 'unlisten'
  readonly channel: string | undefined
}

/** Undefined where it is another statement, or a spelling that only the server need understand. */
export function listenWish(statement: Statement | undefined): ListenWish | undefined {
  if (statement?.kind !== 'listen' && statement?.kind !== 'unlisten') return undefined
  const [, , quoted, plain, all] = statement.text.trim().match(WISH) ?? []
  const channel = quoted?.slice(1, -1).replaceAll('""', '"') ?? plain?.toLowerCase()
  if (all !== undefined && statement.kind === 'unlisten') return { kind: 'unlisten', channel }
  if (channel === undefined || Buffer.byteLength(channel) > MAX_NAME_BYTES) return undefined
  return { kind: statement.kind, channel }
}
