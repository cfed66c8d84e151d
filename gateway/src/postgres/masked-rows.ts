// A result as its person may see it: described first, then row by row.
import {
  decodeBackend,
  encodeBackend,
  MalformedMessage,
  RowRewriter,
} from '@articdbm/wire/postgres'
import type { Judged } from '../admit/admission.ts'
import { cellsOf, hidesColumns, type MaskedResult } from '../mask/masked-result.ts'

/** Of one of a request's statements; undefined where everything of it may be seen. */
export function maskedRows({ masks }: Judged, at: number): MaskedRows | undefined {
  const result = masks?.[at]
  return result && new MaskedRows(result)
}

export class MaskedRows {
  readonly #result: MaskedResult
  #rewriter: RowRewriter | undefined

  constructor(result: MaskedResult) {
    this.#result = result
  }

  /** Some column of it isn't shown as it is. */
  get hidesColumns(): boolean {
    return hidesColumns(this.#result)
  }

  /** A RowDescription: what it says of columns holds for the rows behind it. Throws MalformedMessage. */
  describe(frame: Buffer): void {
    if (!this.hidesColumns) return
    const message = decodeBackend(frame)
    if (message?.kind !== 'rowDescription') throw new MalformedMessage('this describes no rows')
    const columns = message.fields.map(({ name, typeOid }) => ({
      ...{ name, isText: TEXT_TYPES.has(typeOid) },
    }))
    const cells = cellsOf(this.#result, columns)
    if (!cells) throw new MalformedMessage('a result has other columns than were judged')
    this.#rewriter = new RowRewriter(cells)
  }

  /** Throws MalformedMessage, also where nothing has described them. */
  rewrite(rows: Buffer): Buffer {
    if (!this.hidesColumns) return rows
    if (!this.#rewriter) throw new MalformedMessage('rows that nothing has described')
    return this.#rewriter.rewrite(rows)
  }

  /** An ErrorResponse without what it tells of a row's values (protocol 53.8). */
  hideDetails(frame: Buffer): Buffer {
    const message = decodeBackend(frame)
    if (!this.#result.plan.hidesDetails || message?.kind !== 'errorResponse') return frame
    const fields = new Map([...message.fields].filter(([code]) => !TELLS_VALUES.has(code)))
    return encodeBackend({ kind: 'errorResponse', fields })
  }
}

/** text, varchar, bpchar, name, and what has no type yet; their bytes are the text in either format. */
const TEXT_TYPES: ReadonlySet<number> = new Set([25, 1043, 1042, 19, 705])

/** Detail, context, and a query inside. */
const TELLS_VALUES: ReadonlySet<string> = new Set(['D', 'W', 'q'])
