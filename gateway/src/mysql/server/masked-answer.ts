// An answer as its person may see it, while it passes to the client.
import {
  AnswerRewriter,
  type Column,
  type Err,
  FIELD_TYPE,
  PacketViolation,
} from '@articdbm/wire/mysql'
import {
  type CellRewrite,
  cellsOf,
  hidesColumns,
  type MaskedResult,
} from '../../mask/masked-result.ts'
import type { Sink } from '../backend/answer.ts'

export interface Masks {
  readonly format: 'text' | 'binary'
  /** One a statement of the request, in order. */
  readonly results: readonly (MaskedResult | undefined)[]
}

/** Takes an answer's packets, and gives the client what it may see of them. Throws PacketViolation. */
export class MaskingSink implements Sink {
  readonly #client: Sink
  readonly #rewriter: AnswerRewriter

  constructor(client: Sink, { format, results }: Masks) {
    this.#client = client
    this.#rewriter = new AnswerRewriter({
      format,
      cells: (result, columns) => cellsFor(results[result], columns),
      error: (result, err) => (results[result]?.plan.hidesDetails ? withoutValues(err) : err),
    })
  }

  write(bytes: Buffer): boolean {
    return this.#client.write(this.#rewriter.rewrite(bytes))
  }

  drained(): Promise<void> {
    return this.#client.drained()
  }
}

function cellsFor(
  result: MaskedResult | undefined,
  columns: readonly Column[],
): readonly (CellRewrite | undefined)[] | undefined {
  if (!result || !hidesColumns(result)) return undefined
  const told = columns.map((column) => ({ name: column.name, isText: isText(column) }))
  const cells = cellsOf(result, told)
  if (!cells) throw new PacketViolation('a result has other columns than were judged')
  return cells
}

/** ER_DUP_ENTRY, ER_DUP_ENTRY_WITH_KEY_NAME, ER_NO_PARTITION_FOR_GIVEN_VALUE: they quote what a row holds. */
const QUOTING: ReadonlySet<number> = new Set([1062, 1586, 1526])

function withoutValues(err: Err): Err {
  const message = err.message
    .replace(/'.*' for key/s, 'for key')
    .replace(/for value .*/s, 'for a value')
  return QUOTING.has(err.errno) ? { ...err, message } : err
}

function isText({ type, collation }: Column): boolean {
  return TEXT_TYPES.has(type) && collation !== BINARY
}

const BINARY = 63
const TEXT_TYPES: ReadonlySet<number> = new Set([
  ...[FIELD_TYPE.varChar, FIELD_TYPE.varString, FIELD_TYPE.string, FIELD_TYPE.enum],
  ...[FIELD_TYPE.set, FIELD_TYPE.tinyBlob, FIELD_TYPE.blob, FIELD_TYPE.mediumBlob],
  FIELD_TYPE.longBlob,
])
