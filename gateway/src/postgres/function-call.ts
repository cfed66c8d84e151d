// The function call protocol, which libpq and JDBC use for large objects: a function by its OID, judged by its name.
import { FeatureNotSupported } from '@articdbm/contract'
import type { FrontendMessage, MalformedMessage } from '@articdbm/wire/postgres'

type Asked = FrontendMessage | { readonly kind: 'unreadable'; readonly error: MalformedMessage }

/** The text by which a Query or a function call is judged and recorded, or why it may not pass. */
export function textOf(message: Asked): string | Error {
  switch (message.kind) {
    case 'query':
      return message.text
    case 'unreadable':
      return message.error
    case 'functionCall':
      return callOf(message)
    default:
      return new FeatureNotSupported(`${message.kind} is not a request`)
  }
}

function callOf(call: FrontendMessage & { readonly kind: 'functionCall' }): string | Error {
  const name = NAMES.get(call.oid)
  if (name === undefined) {
    return new FeatureNotSupported(
      `function ${call.oid} can not be called by the function call protocol: call it by name, with SELECT`,
    )
  }
  return `SELECT pg_catalog.${name}(${call.arguments.map((_, at) => `$${at + 1}`).join(', ')})`
}

/** Of pg_proc.dat: the same in every release since the function came. Another OID may be any function. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [715, 'lo_create'],
  [764, 'lo_import'],
  [765, 'lo_export'],
  [767, 'lo_import'],
  [952, 'lo_open'],
  [953, 'lo_close'],
  [954, 'loread'],
  [955, 'lowrite'],
  [956, 'lo_lseek'],
  [957, 'lo_creat'],
  [958, 'lo_tell'],
  [964, 'lo_unlink'],
  [1004, 'lo_truncate'],
  [3170, 'lo_lseek64'],
  [3171, 'lo_tell64'],
  [3172, 'lo_truncate64'],
  [3457, 'lo_from_bytea'],
  [3458, 'lo_get'],
  [3459, 'lo_get'],
  [3460, 'lo_put'],
])
