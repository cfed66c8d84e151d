import type { Addition, Table } from './table.ts'

/** Never changed once released: what comes later is another migration. */
export interface Migration {
  readonly name: string
  readonly tables?: readonly Table[]
  /** To tables of earlier migrations. */
  readonly additions?: readonly Addition[]
  readonly counters?: readonly { readonly name: string; readonly value: number }[]
  readonly heads?: readonly { readonly name: string; readonly seq: number; readonly hash: string }[]
}
