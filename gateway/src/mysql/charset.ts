// Which characters a client speaks, and that the judge, the gateway and the backend read the same text.
import { isUtf8 } from 'node:buffer'
import { Fault } from '@articdbm/contract'
import { analyze, type Token } from '@articdbm/sql'
import { COLLATION, type Encoding, encodingOf } from '@articdbm/wire/mysql'

export class CharsetRefused extends Fault {
  override readonly code = 'charset_refused'
  override readonly sqlState = '42000'
  override readonly mysqlErrno = 1115
  override readonly httpStatus = 400
}

export class TextNotReadable extends Fault {
  override readonly code = 'text_not_readable'
  override readonly sqlState = 'HY000'
  override readonly mysqlErrno = 1300
  override readonly httpStatus = 400
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text that is judged; throws where a backend might read the bytes differently. */
export function readText(bytes: Buffer, encoding: Encoding): string {
  if (encoding !== 'utf8' && bytes.some((byte) => byte > 0x7f)) {
    throw new TextNotReadable(
      "only ASCII statements are taken from a client whose character set isn't UTF-8: connect with utf8mb4",
    )
  }
  try {
    return decoder.decode(bytes)
  } catch {
    throw new TextNotReadable('Invalid utf8mb4 character string in the statement')
  }
}

const lossyDecoder = new TextDecoder('utf-8', { ignoreBOM: true })
const NO_CHARACTER = '\ufffd'

/**
 * As readText, for a statement whose own bytes are forwarded: drivers write blobs as they are into `_binary'…'`. No byte above
 * 0x7f ends a string, so the judge and the server see the same ones. What may be sent again as text is taken as UTF-8 only.
 */
export function readStatement(bytes: Buffer, encoding: Encoding): string {
  if (encoding !== 'utf8' || isUtf8(bytes)) return readText(bytes, encoding)
  const text = lossyDecoder.decode(bytes)
  return hasBinaryStringsOnly(text) ? text : readText(bytes, encoding)
}

function hasBinaryStringsOnly(text: string): boolean {
  const { statements, tokens } = analyze(text, 'mysql')
  if (statements.some(({ session }) => session.length > 0)) return false
  const rest = tokens.filter(
    ({ kind }, at) => kind !== 'string' || !isBinaryIntroducer(tokens[at - 1]),
  )
  const isOutside = (start: number, end: number) => text.slice(start, end).includes(NO_CHARACTER)
  return !rest.some(({ start, end }) => isOutside(start, end))
}

function isBinaryIntroducer(token: Token | undefined): boolean {
  return token?.kind === 'word' && token.value === '_binary'
}

/** Refuses the charsets whose characters may hide a quote or a backslash. */
export function encodingFor(collation: number): Encoding {
  const encoding = encodingOf(collation)
  if (encoding !== 'unsafe') return encoding
  throw new CharsetRefused(`character set of collation ${collation} is refused: use utf8mb4`)
}

export const DEFAULT_CHARSET = 'SET NAMES utf8mb4 COLLATE utf8mb4_general_ci'

/** The collations of utf8mb3, by number; all other numbers of UTF-8 are utf8mb4's. */
const THREE_BYTES: readonly (readonly [number, number])[] = [
  [33, 33],
  [76, 76],
  [83, 83],
  [192, 215],
  [223, 223],
  [254, 254],
  [576, 578],
  [1057, 1057],
  [1107, 1107],
  [2048, 2303],
]

/** As a handshake with this collation would set them: a collation is taken by number, a charset by name. */
export function charsetStatement(collation: number): string {
  if (collation === COLLATION.utf8mb4GeneralCi) return DEFAULT_CHARSET
  const charset = encodingOf(collation) === 'utf8' ? utf8Name(collation) : collation
  return `SET character_set_client=${charset}, character_set_results=${charset}, collation_connection=${collation}`
}

function utf8Name(collation: number): string {
  const isShort = THREE_BYTES.some(([first, last]) => collation >= first && collation <= last)
  return isShort ? 'utf8mb3' : 'utf8mb4'
}
