// What a connection to a gateway's door can do, whichever protocol it speaks.
import type { Cell, Column, TransactionState } from '@articdbm/contract'
import type { Token } from '@articdbm/credential'

export type Parameter = string | number | boolean | null

export interface DoorStatement {
  readonly sql: string
  readonly parameters: readonly Parameter[] | undefined
  /** Rows of one piece; the backend waits until the next piece is asked for. */
  readonly pageRows: number
}

export type Piece =
  | { readonly kind: 'columns'; readonly columns: readonly Column[] }
  | { readonly kind: 'rows'; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: 'complete'; readonly tag: string; readonly affected: number | null }

export interface Notice {
  readonly severity: string
  readonly message: string
}

export interface DoorConnection {
  /** One statement at a time. Left before its end, the rest is thrown away. Throws DoorError. */
  execute(statement: DoorStatement): AsyncGenerator<Piece, void, void>
  /** Asks the server to stop what it executes, by the protocol's own way. */
  cancel(): Promise<void>
  transaction(): TransactionState
  readonly isOpen: () => boolean
  close(): Promise<void>
}

/** Where and as whom; a new token for each connection. */
export interface DoorTarget {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly ca: string | undefined
  readonly token: () => Token
  readonly onNotice: (notice: Notice) => void
}
