import type { Ticket } from '../../admit/admission.ts'
import type { MysqlBackend } from '../backend/connection.ts'

/** A prepared statement of one client. It is prepared again on whichever backend connection executes it. */
export class PreparedStatement {
  readonly id: number
  readonly text: string
  readonly parameters: number
  /** Of the execution before: a client says them once. */
  types: Buffer | undefined
  /** By parameter, since the last execution. */
  readonly longData = new Map<number, Buffer[]>()
  longBytes = 0
  cursor: Cursor | undefined

  constructor(id: number, text: string, parameters: number) {
    this.id = id
    this.text = text
    this.parameters = parameters
  }

  /** COM_STMT_SEND_LONG_DATA has no answer, so what is too long shows at the execution. */
  addLongData(parameter: number, bytes: Buffer, maxBytes: number): void {
    if (parameter >= this.parameters) return
    this.longBytes += bytes.length
    const chunks = this.longData.get(parameter) ?? []
    if (this.longBytes > maxBytes) this.longData.clear()
    else this.longData.set(parameter, [...chunks, bytes])
  }

  forgetLongData(): void {
    this.longData.clear()
    this.longBytes = 0
  }
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
    const statement = new PreparedStatement(this.#lastId, text, parameters)
    this.#byId.set(statement.id, statement)
    return statement
  }

  find(id: number): PreparedStatement | undefined {
    return this.#byId.get(id)
  }

  all(): Iterable<PreparedStatement> {
    return this.#byId.values()
  }

  remove(id: number): void {
    this.#byId.delete(id)
  }

  clear(): void {
    this.#byId.clear()
  }
}
