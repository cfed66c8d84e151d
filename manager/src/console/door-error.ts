/** What a door, or the backend behind it, said of a statement or of a connection. */
export class DoorError extends Error {
  /** SQLSTATE of the PostgreSQL door, '' of the other. */
  readonly sqlState: string
  /** Of the MySQL door; 0 of the other. */
  readonly mysqlErrno: number
  readonly hint: string
  /** UTF-16 offset in the statement's text, where the door said one. */
  readonly position: number | undefined
  /** The connection is of no more use. */
  readonly isFatal: boolean

  constructor(
    message: string,
    facts: {
      readonly sqlState?: string
      readonly mysqlErrno?: number
      readonly hint?: string
      readonly position?: number | undefined
      readonly isFatal?: boolean
    },
  ) {
    super(message)
    this.sqlState = facts.sqlState ?? ''
    this.mysqlErrno = facts.mysqlErrno ?? 0
    this.hint = facts.hint ?? ''
    this.position = facts.position
    this.isFatal = facts.isFatal ?? false
  }

  /** As a person looks it up: SQLSTATE or errno. */
  get code(): string {
    return this.sqlState || String(this.mysqlErrno)
  }
}

export interface Refusal {
  readonly rule: string
  readonly verdictId: string
}

/** The gateway's sentence of a refusal (StatementBlocked.hint): the MySQL protocol has no field of its own for it. */
const REFUSAL = /Rule ([\w.-]+), verdict ([\w-]+)\./

/** Insufficient privilege, and a syntax error that was found before the backend saw it, on either protocol. */
const REFUSAL_CODES: ReadonlySet<string> = new Set(['42501', '42601', '1142', '1064'])

/** Only the codes that a refusal has, so that no text from a backend can pass for one by chance. */
export function refusalOf(error: DoorError): Refusal | undefined {
  if (!REFUSAL_CODES.has(error.code)) return undefined
  const match = REFUSAL.exec(error.hint) ?? REFUSAL.exec(error.message)
  return match ? { rule: match[1] ?? '', verdictId: match[2] ?? '' } : undefined
}
