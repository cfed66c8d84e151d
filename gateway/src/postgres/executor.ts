import type { Piece } from '@articdbm/wire/postgres'
import type { Judged } from '../admit/admission.ts'
import type { Pin } from '../pool/pool.ts'
import type { Waker } from './channel.ts'
import type { PreparedNames } from './prepared-names.ts'
import type { Way } from './quick/way.ts'

/** A frame on its way to be executed, with the verdict that lets it pass where it carries a statement. */
export interface Outgoing {
  readonly bytes: Buffer
  readonly judged?: Judged | undefined
}

/** What answers a session's frames while it is leased: a PostgreSQL backend, or a SQLite file. */
export interface Executor extends Waker {
  /** As ParameterStatus reports them. */
  readonly parameters: ReadonlyMap<string, string>
  readonly prepared: PreparedNames
  /** True when `receive` has something to give without waiting: an answer, a notification, or the end. */
  readonly hasAnswer: boolean
  /** True where the client has a part of a frame, or of a quick request's answer, and waits for the rest. */
  readonly isInsideFrame: boolean
  /** Gives the connection these settings and no others; the reason where one is refused. */
  adopt(settings: ReadonlyMap<string, string>): Promise<Error | undefined>
  /** A setting that a statement of the session has changed by itself. */
  noteSetting(name: string, value: string): void
  /** RESET by the session itself; undefined: of all settings. */
  noteReset(name: string | undefined): void
  send(outgoing: readonly Outgoing[]): Promise<void>
  /** The next stretch of the answer; undefined when the backend was lost. */
  receive(): Promise<readonly Piece[] | undefined>
  /**
   * For a quick request that has these settings, where they matter. Undefined: it isn't at rest, would have to be given
   * them first, or knows no such way.
   */
  quickWay(settings: ReadonlyMap<string, string> | undefined): Way | undefined
  /** Asks to stop the running statement; resolves when the request can hit nothing else any more. */
  cancel(): Promise<void>
  /** It belongs to the session from now on: shown to operators. */
  pin(pin: Pin): void
  /** As `release('clean')`, where nothing has to be waited for; false: it has to. */
  releaseNow(): boolean
  /** Gives the connection back; one that isn't `clean` is cleaned first or ended. */
  release(state: 'clean' | 'pinned' | 'dirty'): Promise<void>
}
