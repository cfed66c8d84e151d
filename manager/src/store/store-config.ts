// What openStore needs. The manager's config.ts reads it from the environment.
import type { Secret } from '@articdbm/contract'

export type StoreConfig = SqliteConfig | ServerConfig

export interface RetryLimits {
  /** DB_MAX_RETRIES */
  readonly maxRetries: number
  /** DB_RETRY_DELAY: the longest pause between two tries; conflicts pause far shorter. */
  readonly retryDelayMs: number
}

export const DEFAULT_RETRIES: RetryLimits = { maxRetries: 5, retryDelayMs: 5_000 }

export interface SqliteConfig {
  readonly type: 'sqlite'
  /** A file's path, or `:memory:`. */
  readonly path: string
  readonly retries?: RetryLimits
}

export interface StoreHost {
  readonly host: string
  readonly port: number
}

export interface ServerConfig {
  /** `mysql` is MySQL and MariaDB; `galera` may name several nodes. */
  readonly type: 'postgres' | 'mysql' | 'galera'
  readonly hosts: readonly StoreHost[]
  readonly database: string
  readonly user: string
  readonly password: Secret
  /** DB_POOL_SIZE: connections of this process, for each node. */
  readonly poolSize: number
  readonly tls?: StoreTls
  readonly retries?: RetryLimits
}

/** `require` encrypts; `verify` also checks the certificate against `ca`, or the system's authorities. */
export type StoreTls =
  | { readonly mode: 'require' }
  | { readonly mode: 'verify'; readonly ca?: string }

export type StoreType = StoreConfig['type']
