import { nameAfterDot } from './names.ts'
import type { Reader } from './reader.ts'
import { wordSet } from './words.ts'

const FILE_WORDS = wordSet('outfile dumpfile')
const FORMAT_WORDS =
  wordSet(`character set charset fields columns terminated enclosed escaped optionally by lines
  starting`)

export function isIntoAhead(reader: Reader): boolean {
  return reader.key === 'into'
}

/** INTO OUTFILE and DUMPFILE write a file of the server; INTO @a, @b keeps values in the session. */
export function into(reader: Reader): void {
  reader.next()
  if (reader.isAny(FILE_WORDS)) file(reader)
  else reader.list(target)
}

function file(reader: Reader): void {
  reader.found.danger(`into ${reader.key}`, reader.start)
  reader.found.write({ schema: undefined, name: '*' })
  reader.found.effects.add('write')
  reader.next()
  if (reader.acceptKind('string') === undefined) reader.fail("expected a file's name")
  fileFormat(reader)
}

/** CHARACTER SET, FIELDS … and LINES … of INTO OUTFILE and LOAD DATA. */
export function fileFormat(reader: Reader): void {
  let isCharacterSet = false
  while (reader.isAny(FORMAT_WORDS) || isFormatValue(reader, isCharacterSet)) {
    isCharacterSet = reader.key === 'set' || reader.key === 'charset'
    if (reader.key === 'set' && reader.keyAfter(-1) !== 'character') return
    reader.next()
  }
}

function isFormatValue(reader: Reader, isCharacterSet: boolean): boolean {
  const kind = reader.token?.kind
  return kind === 'string' || kind === 'binary' || (isCharacterSet && kind === 'word')
}

/** A user variable, or inside stored code a local one. */
function target(reader: Reader): void {
  if (reader.acceptKind('variable') !== undefined) reader.found.pin('user variable')
  else nameAfterDot(reader)
}
