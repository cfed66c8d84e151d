import type { Socket } from 'node:net'
import { connect, type TLSSocket } from 'node:tls'
import type { TlsMode } from '@articdbm/contract'

const MIN_VERSION = 'TLSv1.2'

/** The gateway's side towards a backend. Only `verify` asks whose certificate it is. */
export function asTlsClient(plain: Socket, host: string, mode: TlsMode): TLSSocket {
  return connect({
    socket: plain,
    minVersion: MIN_VERSION,
    rejectUnauthorized: mode === 'verify',
    ...(isAddress(host) ? { host } : { servername: host }),
  })
}

function isAddress(host: string): boolean {
  return /^[\d.]+$|:/.test(host)
}
