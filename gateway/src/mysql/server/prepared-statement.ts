import { decodeExecuteBody, type ExecuteBody, executeBodyWithout } from '@articdbm/wire/mysql'
import type { Ticket } from '../../admit/admission.ts'
import type { MysqlBackend } from '../backend/connection.ts'
import { WrongArguments } from '../faults.ts'
import type { CommandOf, SessionSide } from '../session/executor.ts'

/** Of the flags of COM_STMT_EXECUTE, those that are about a cursor. */
export const CURSOR_FLAGS = 7

/** MariaDB's clients execute what they prepared last by this id, before they know its own. */
const LAST_PREPARED = 0xffff_ffff

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
  #keyed: { readonly reading: string; readonly key: string } | undefined

  constructor(id: number, text: string, parameters: number) {
    this.id = id
    this.text = text
    this.parameters = parameters
  }

  /** The values of this execution, without the attributes that a client may add. */
  bind({ body, flags }: CommandOf<'execute'>, session: SessionSide): ExecuteBody {
    const { parameters, types, longData } = this
    const bound = session.saysAttributes
      ? executeBodyWithout(body, { flags, parameters, types, longData })
      : decodeExecuteBody(body, parameters)
    this.types = bound.types ?? types
    if (parameters > 0 && !this.types) throw new WrongArguments('COM_STMT_EXECUTE')
    return bound
  }

  /** By which a connection knows it: literals in the text are read in the character set and the modes in force when it is prepared. */
  keyIn(reading: string): string {
    if (this.#keyed?.reading !== reading)
      this.#keyed = { reading, key: preparedKey(this.text, reading) }
    return this.#keyed.key
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

export function preparedKey(text: string, reading: string): string {
  return `${reading}\n${text}`
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
  readonly #maxId: number
  #lastId = 0
  #last: PreparedStatement | undefined

  /** Ids go round up to `maxId`, which is more than a session may have. */
  constructor(maxId = LAST_PREPARED - 1) {
    this.#maxId = maxId
  }

  get size(): number {
    return this.#byId.size
  }

  add(text: string, parameters: number): PreparedStatement {
    do this.#lastId = (this.#lastId % this.#maxId) + 1
    while (this.#byId.has(this.#lastId))
    const statement = new PreparedStatement(this.#lastId, text, parameters)
    this.#byId.set(statement.id, statement)
    this.#last = statement
    return statement
  }

  find(id: number): PreparedStatement | undefined {
    return id === LAST_PREPARED ? this.#last : this.#byId.get(id)
  }

  /** Another one is to be prepared: if that fails, there is no last one. */
  forgetLast(): void {
    this.#last = undefined
  }

  all(): Iterable<PreparedStatement> {
    return this.#byId.values()
  }

  remove(id: number): void {
    this.#byId.delete(id)
    if (this.#last?.id === id) this.#last = undefined
  }

  clear(): void {
    this.#byId.clear()
    this.#last = undefined
  }
}
