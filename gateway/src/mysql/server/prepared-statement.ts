import type { Ticket } from '../../admit/admission.ts'
import type { MysqlBackend } from '../backend/connection.ts'

/** A prepared statement of one client. It is prepared again on whichever backend connection executes it. */
export interface PreparedStatement {
  readonly id: number
  readonly text: string
  readonly parameters: number
  /** Of the execution before: a client says them once. */
  types: Buffer | undefined
  /** By parameter, since the last execution. */
  longData: Map<number, Buffer[]>
  longBytes: number
  cursor: Cursor | undefined
}

/** Open on one backend connection, which the session keeps so long. */
export interface Cursor {
  readonly connection: MysqlBackend
  readonly backendId: number
  readonly key: string
  readonly tickets: readonly Ticket[]
  rows: number
  bytes: number
}

/** The prepared statements of one session, by the ids that it knows. */
export class PreparedStatements {
  readonly #byId = new Map<number, PreparedStatement>()
  #lastId = 0

  get size(): number {
    return this.#byId.size
  }

  add(text: string, parameters: number): PreparedStatement {
    this.#lastId = (this.#lastId % 0xffff_fffe) + 1
    const statement: PreparedStatement = {
      ...{ id: this.#lastId, text, parameters, types: undefined },
      ...{ longData: new Map(), longBytes: 0, cursor: undefined },
    }
    this.#byId.set(statement.id, statement)
    return statement
  }

  find(id: number): PreparedStatement | undefined {
    return this.#byId.get(id)
  }

  remove(id: number): void {
    this.#byId.delete(id)
  }

  clear(): void {
    this.#byId.clear()
  }
}

export function forgetLongData(statement: PreparedStatement): void {
  statement.longData = new Map()
  statement.longBytes = 0
}
