/** A connection to a backend, of whatever protocol. */
export interface BackendConnection {
  /** False once it was closed or lost. */
  readonly isOpen: boolean
  /** True when it may serve another session as it is: no transaction, no session state, nothing under way. */
  readonly isReusable: boolean
  /** Ends it now; safe to call twice. */
  close(): void
  /** Calls back once when the connection is lost or closed. */
  onClosed(listener: () => void): void
}

/** A backend connection while checked out; disposed, it returns to the pool or, if not reusable, ends. */
export interface Lease<C extends BackendConnection> extends Disposable {
  readonly connection: C
}

export interface PoolFigures {
  readonly open: number
  readonly idle: number
  readonly leased: number
  readonly waiting: number
}

export interface Pool<C extends BackendConnection> {
  /**
   * Waits in line for a connection, at most `checkoutTimeoutMs`. Throws PoolExhausted, BackendUnavailable, or the
   * signal's reason.
   */
  checkout(signal: AbortSignal): Promise<Lease<C>>
  readonly figures: PoolFigures
  /** No new checkouts; resolves when the last lease is back. */
  drain(): Promise<void>
}
