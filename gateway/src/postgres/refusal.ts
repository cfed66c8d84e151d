import { Fault } from '@articdbm/contract'
import { encodeBackend, MalformedMessage } from '@articdbm/wire/postgres'

export type Severity = 'ERROR' | 'FATAL'

/** What a client is told of a failure: SQLSTATE, message, hint; of a bug only that there was one. */
export function errorResponse(error: unknown, severity: Severity = 'ERROR'): Buffer {
  const told = fieldsOf(error)
  if (told)
    return encodeBackend({
      kind: 'errorResponse',
      fields: new Map([...told, ['S', severity], ['V', severity]]),
    })
  const fields = new Map([['S', severity], ['V', severity], ...faceOf(error)])
  return encodeBackend({ kind: 'errorResponse', fields })
}

/** What a client is told beside its answers; `detail` where there is more to say. */
export function noticeResponse(
  severity: 'NOTICE' | 'WARNING',
  code: string,
  { message, detail }: { readonly message: string; readonly detail?: string },
): Buffer {
  const fields = new Map([['S', severity], ['V', severity], ...face(code, message)])
  if (detail !== undefined) fields.set('D', detail)
  return encodeBackend({ kind: 'noticeResponse', fields })
}

/** What a backend said is passed on as it said it. */
function fieldsOf(error: unknown): ReadonlyMap<string, string> | undefined {
  const isTold = error instanceof Error && 'fields' in error && error.fields instanceof Map
  return isTold ? (error.fields as ReadonlyMap<string, string>) : undefined
}

export function sqlStateOf(error: unknown): string {
  return fieldsOf(error)?.get('C') ?? faceOf(error)[0]?.[1] ?? 'XX000'
}

/** What the audit calls a failure with this SQLSTATE. */
export function failureOf(sqlState: string): 'cancelled' | 'error' {
  return sqlState === '57014' ? 'cancelled' : 'error'
}

/** A failure of which nobody thought is a bug: it goes into the log whole. */
export function isBug(error: unknown): boolean {
  return !(error instanceof Fault || error instanceof MalformedMessage || fieldsOf(error))
}

function faceOf(error: unknown): [string, string][] {
  if (error instanceof MalformedMessage) return face(error.sqlState, error.message)
  if (!(error instanceof Fault))
    return face('XX000', 'internal error: the log of the gateway has it')
  const faced = face(error.sqlState, error.message)
  if (error.hint !== undefined) faced.push(['H', error.hint])
  const position = 'position' in error ? error.position : undefined
  if (typeof position === 'number') faced.push(['P', String(position + 1)])
  const context = 'context' in error ? error.context : undefined
  if (typeof context === 'string') faced.push(['W', context])
  return faced
}

function face(sqlState: string, message: string): [string, string][] {
  return [
    ['C', sqlState],
    ['M', message],
  ]
}
