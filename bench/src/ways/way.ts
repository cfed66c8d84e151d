// A way to the database: directly, or through a proxy.

export type WayName = 'articdbm' | 'direct' | 'pgbouncer' | 'pgpool' | 'haproxy'

export const WAY_NAMES: Readonly<Record<WayName, string>> = {
  articdbm: 'ArticDBM',
  direct: 'direct',
  pgbouncer: 'PgBouncer',
  pgpool: 'Pgpool-II',
  haproxy: 'HAProxy',
}

export interface Address {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly database: string
}

/** What a row asks of the proxies. */
export interface Needs {
  readonly clients: number
  /** Prepared statements by protocol, on connections that are kept. */
  readonly isPrepared: boolean
}

export interface Way extends AsyncDisposable {
  readonly name: WayName
  readonly address: Address
  /** The processes whose CPU and memory are the proxy's, with all they start. */
  readonly pids: readonly number[]
  readonly managerPids: readonly number[]
  /** How it differs from what one would expect; '' when it doesn't. */
  readonly note: string
  /** Resolves once nothing is left to do from the load before, so that it doesn't burden the next way. */
  settle(): Promise<void>
}

/** Server connections of each pool: ArticDBM's default. */
export const POOL_SIZE = 20
