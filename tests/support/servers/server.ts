import { randomBytes } from 'node:crypto'
import type { Namespace } from './namespace.ts'

/** A private server on the loopback interface. */
export interface Server {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
  readonly url: string
  readonly pid: number
  /** The authority's certificate of a server started with TLS. */
  readonly caFile: string | undefined
  stop(): Promise<void>
}

export interface ServerOptions {
  /** Where it listens, instead of on the loopback interface. */
  readonly namespace?: Namespace
  readonly tls?: boolean
  /** Lines of its configuration, after and above the usual ones. */
  readonly settings?: readonly string[]
}

export const HOST = '127.0.0.1'
export const USER = 'articdbm'
export const DATABASE = 'articdbm'

export function newPassword(): string {
  return randomBytes(12).toString('hex')
}
