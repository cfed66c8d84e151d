import { encodeFrontend } from '@articdbm/wire/postgres'
import type { PreparedNames, PreparedStatement } from '../prepared-names.ts'

/** Frames that come before a request, and how many answers to them its client must not see. */
export interface Prefix {
  readonly frames: readonly Buffer[]
  readonly hidden: number
}

const NOTHING: Prefix = { frames: [], hidden: 0 }

/** What makes a backend connection know the statement that a request binds. */
export function prefixFor(
  statement: PreparedStatement | undefined,
  prepared: PreparedNames,
): Prefix {
  if (!statement) return NOTHING
  if (statement.name === '') return { frames: [parse('', statement)], hidden: 1 }
  const { key } = statement
  if (prepared.has(key)) return NOTHING
  const closed = [prepared.takeOutdated(key) ? key : undefined, prepared.add(key)]
  const frames = [
    ...closed.filter((one) => one !== undefined).map((name) => close(name)),
    parse(key, statement),
  ]
  return { frames, hidden: frames.length }
}

function parse(name: string, { text, parameterTypes }: PreparedStatement): Buffer {
  return encodeFrontend({ kind: 'parse', statement: name, text, parameterTypes })
}

function close(name: string): Buffer {
  return encodeFrontend({ kind: 'close', target: 'statement', name })
}
