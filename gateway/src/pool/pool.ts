import type { Wish } from '../route/wish.ts'
import type { Wire } from './wire.ts'

/** A connection to a backend, of whatever protocol. */
export interface BackendConnection {
  /** False once it was closed or lost. */
  readonly isOpen: boolean
  /** True when it may serve another session as it is: no transaction, no session state, nothing under way. */
  readonly isReusable: boolean
  /** Undefined where there is no network between. */
  readonly wire?: Wire
  /** Ends it now; safe to call twice. */
  close(): void
  /** Calls back once when the connection is lost or closed. */
  onClosed(listener: () => void): void
}

/** Why a connection can't go to anybody else before its session's end. */
export interface Pin {
  readonly reason: string
  readonly statement: string
  readonly digest: string
}

/** A backend connection while checked out; disposed, it returns to the pool or, if not reusable, ends. */
export interface Lease<C extends BackendConnection> extends Disposable {
  readonly connection: C
  /** Shown to operators for as long as the lease lasts. */
  pin(pin: Pin): void
}

export interface PoolFigures {
  readonly open: number
  readonly idle: number
  readonly leased: number
  readonly waiting: number
}

export function addFigures(left: PoolFigures, right: PoolFigures): PoolFigures {
  return {
    open: left.open + right.open,
    idle: left.idle + right.idle,
    leased: left.leased + right.leased,
    waiting: left.waiting + right.waiting,
  }
}

/** Connections to one backend, for who shares them between sessions. */
export interface BackendPool<C extends BackendConnection> {
  /** One of the primary where this backend gives none. Throws as `Pool.checkout` does. */
  checkout(signal: AbortSignal): Promise<Lease<C>>
  readonly figures: PoolFigures
  /** What shares connections weighs as so many leased ones when a backend is chosen; undefined: it is gone. */
  weigh(sharer: object, load: (() => number) | undefined): void
}

export interface Pool<C extends BackendConnection> {
  /**
   * Waits in line for a connection, at most `checkoutTimeoutMs`; without a wish, to the primary. Throws
   * PoolExhausted, UserConnectionsExhausted, BackendUnavailable, or the signal's reason.
   */
  checkout(signal: AbortSignal, wish?: Wish): Promise<Lease<C>>
  /** As `checkout`, if one idles where the wish leads to; undefined where anything has to be waited for. */
  checkoutNow(wish: Wish): Lease<C> | undefined
  /** Where a reading wish leads to now; undefined where anything has to be waited for. */
  toward(wish: Wish): BackendPool<C> | undefined
  /** A connection to the primary that the pool doesn't count; whoever dials closes it. Throws BackendUnavailable. */
  dial(signal: AbortSignal): Promise<C>
  readonly figures: PoolFigures
}
