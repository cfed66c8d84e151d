import { createHash } from 'node:crypto'
import type { OwnShape } from './position.ts'

/** PostgreSQL cuts names off: what differs behind this is one name. */
const MAX_NAME_BYTES = 63

/** Names that begin so are ours on every backend connection. */
export const RESERVED_PREFIX = 'articdbm_'

/** How a statement came by its name: Parse, or SQL's PREPARE. */
export type Origin = 'protocol' | 'sql'

interface Kind {
  readonly mentions?: readonly string[]
  readonly origin?: Origin
  readonly own?: OwnShape | undefined
  /** How often a definition had changed when it was prepared. */
  readonly definitions?: number
}

/** A statement that a client prepared: its text and the types it gave. */
export class PreparedStatement {
  /** The client's name, '' for the unnamed one. */
  readonly name: string
  readonly text: string
  readonly parameterTypes: readonly number[]
  /** Names of prepared statements that its text executes, makes or forgets. */
  readonly mentions: readonly string[]
  readonly origin: Origin
  /** The gateway answers it itself. */
  readonly own: OwnShape | undefined
  /** The session's own backend connection has it by the client's name. */
  isThereByName: boolean
  readonly #definitions: number
  #key: string | undefined

  constructor(
    name: string,
    text: string,
    parameterTypes: readonly number[],
    { mentions = [], origin = 'protocol', own, definitions = 0 }: Kind = {},
  ) {
    this.own = own
    this.#definitions = definitions
    this.name = name
    this.text = text
    this.parameterTypes = parameterTypes
    this.mentions = mentions
    this.origin = origin
    this.isThereByName = origin === 'sql'
  }

  /**
   * Its name on every backend: equal texts with equal types are one statement there. Those that were prepared before a
   * definition changed are others, so that the server tells their clients when the columns are no longer what they know.
   */
  get key(): string {
    this.#key ??= keyOf(this.text, [this.#definitions, ...this.parameterTypes])
    return this.#key
  }

  /** What a backend knows it by. */
  get nameThere(): string {
    return this.origin === 'sql' || this.name === '' ? this.name : this.key
  }
}

function keyOf(text: string, numbers: readonly number[]): string {
  const hash = createHash('sha256').update(`${numbers.join()}\0`).update(text).digest('hex')
  return `${RESERVED_PREFIX}${hash.slice(0, 40)}`
}

/** The name as the server keeps it. */
export function keptName(name: string): string {
  if (name.length * 3 <= MAX_NAME_BYTES || Buffer.byteLength(name) <= MAX_NAME_BYTES) return name
  let kept = ''
  let bytes = 0
  for (const character of name) {
    bytes += Buffer.byteLength(character)
    if (bytes > MAX_NAME_BYTES) break
    kept += character
  }
  return kept
}
