// Which characters a client speaks, and that the judge, the gateway and the backend read the same text.
import { Fault } from '@articdbm/contract'
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

/** Refuses the charsets whose characters may hide a quote or a backslash. */
export function encodingFor(collation: number): Encoding {
  const encoding = encodingOf(collation)
  if (encoding !== 'unsafe') return encoding
  throw new CharsetRefused(`character set of collation ${collation} is refused: use utf8mb4`)
}

export const DEFAULT_CHARSET = 'SET NAMES utf8mb4 COLLATE utf8mb4_general_ci'

/** As a handshake with this collation would set them: MySQL and MariaDB take collations by number. */
export function charsetStatement(collation: number): string {
  if (collation === COLLATION.utf8mb4GeneralCi) return DEFAULT_CHARSET
  return `SET character_set_client=${collation}, character_set_results=${collation}, collation_connection=${collation}`
}
