import { nameAfterDot, nameOrText } from './names.ts'
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
  for (;;) {
    if (reader.acceptPhrase('character', 'set') || reader.accept('charset')) nameOrText(reader)
    else if (!isFormat(reader)) return
    else reader.next()
  }
}

function isFormat(reader: Reader): boolean {
  const kind = reader.token?.kind
  return reader.isAny(FORMAT_WORDS) || kind === 'string' || kind === 'binary'
}

/** A user variable, or inside stored code a local one. */
function target(reader: Reader): void {
  if (reader.acceptKind('variable') !== undefined) reader.found.pin('user variable')
  else nameAfterDot(reader)
}
