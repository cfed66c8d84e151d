import type { Reader } from './reader.ts'

/** An administrative statement: who may run it may do anything, so its words need no meaning here. */
export function administration(reader: Reader): void {
  reader.found.opaque()
  skipStatement(reader)
}

/** Stored code: its body holds semicolons, so the rest of the request belongs to it. */
export function storedCode(reader: Reader): void {
  reader.found.opaque()
  while (reader.token !== undefined) skipToken(reader)
}

export function skipStatement(reader: Reader): void {
  while (!reader.isAtEnd) skipToken(reader)
}

export function skipToken(reader: Reader): void {
  if (reader.token?.kind === 'unknown') reader.fail('not readable')
  reader.next()
}
