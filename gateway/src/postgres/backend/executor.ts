import type { Piece } from '@articdbm/wire/postgres'
import type { Lease, Pin } from '../../pool/pool.ts'
import type { Executor, Outgoing } from '../executor.ts'
import type { PreparedNames } from '../prepared-names.ts'
import { OwnConnection } from '../quick/own-connection.ts'
import type { PostgresConnection } from './connection.ts'

/** A PostgreSQL connection while a session has it on lease. */
export class PostgresExecutor implements Executor {
  readonly #lease: Lease<PostgresConnection>
  readonly #connection: PostgresConnection
  #own: OwnConnection | undefined
  #cancelling: Promise<void> | undefined
  /** A cancel request may still be on its way: nobody else may be hit by it. */
  #isSuspect = false

  constructor(lease: Lease<PostgresConnection>) {
    this.#lease = lease
    this.#connection = lease.connection
    this.#connection.isReusable = false
  }

  get parameters(): ReadonlyMap<string, string> {
    return this.#connection.parameters
  }

  get prepared(): PreparedNames {
    return this.#connection.prepared
  }

  get hasAnswer(): boolean {
    return this.#connection.hasAnswer
  }

  get isInsideFrame(): boolean {
    return this.#connection.isInsideFrame || this.#own?.isTorn === true
  }

  set onActivity(listener: () => void) {
    this.#connection.onActivity = listener
  }

  adopt(settings: ReadonlyMap<string, string>): Promise<Error | undefined> {
    return this.#connection.adopt(settings)
  }

  noteSetting(name: string, value: string): void {
    this.#connection.settings = new Map([...this.#connection.settings, [name, value]])
  }

  noteReset(name: string | undefined): void {
    const kept = name === undefined ? [] : [...this.#connection.settings]
    this.#connection.settings = new Map(kept.filter(([known]) => known !== name))
  }

  send(outgoing: readonly Outgoing[]): Promise<void> {
    const [only, ...more] = outgoing
    if (!only) return Promise.resolve()
    const bytes = more.length === 0 ? only.bytes : Buffer.concat(outgoing.map((one) => one.bytes))
    return this.#connection.send(bytes)
  }

  receive(): Promise<readonly Piece[] | undefined> {
    return this.#connection.receive()
  }

  quickWay(settings: ReadonlyMap<string, string> | undefined): OwnConnection | undefined {
    const connection = this.#connection
    if (!connection.isAtRest || (settings && !connection.has(settings))) return undefined
    this.#own ??= new OwnConnection(connection, () => this.cancel())
    return this.#own
  }

  async cancel(): Promise<void> {
    this.#cancelling ??= this.#requestCancel()
    await this.#cancelling
  }

  async #requestCancel(): Promise<void> {
    const hasArrived = await this.#connection.cancel()
    if (!hasArrived) this.#isSuspect = true
    this.#cancelling = undefined
  }

  pin(pin: Pin): void {
    this.#lease.pin(pin)
  }

  releaseNow(): boolean {
    if (this.#cancelling !== undefined) return false
    this.#giveBack(true)
    return true
  }

  async release(state: 'clean' | 'pinned' | 'dirty'): Promise<void> {
    this.#own?.abandon()
    await this.#cancelling
    this.#giveBack(state === 'clean' || (state === 'pinned' && (await this.#discard())))
  }

  #giveBack(isClean: boolean): void {
    const isUsable =
      isClean && !this.#isSuspect && this.#connection.isOpen && !this.#connection.hasAnswer
    this.#connection.watchIdle()
    this.#connection.isReusable = isUsable
    this.#lease[Symbol.dispose]()
    if (!isUsable) this.#connection.close()
  }

  /** Everything a session may leave behind goes, or the connection does. */
  async #discard(): Promise<boolean> {
    const failure = await this.#connection.ask('DISCARD ALL')
    this.prepared.clear()
    this.noteReset(undefined)
    return failure === undefined
  }
}
