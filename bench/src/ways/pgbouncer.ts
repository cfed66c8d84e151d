import { execFileSync } from 'node:child_process'
import type { Bed } from '../bed.ts'
import { type Place, type Recipe, settingLines } from './proxy.ts'
import { type Needs, POOL_SIZE } from './way.ts'

/** The first release that keeps prepared statements in transaction mode. */
const KNOWS_PREPARED = 1.21

export async function pgbouncer(bed: Bed, needs: Needs): Promise<Recipe> {
  const server = await bed.server('postgres')
  const mode = poolMode(versionOf(execFileSync('pgbouncer', ['--version'], PROGRAMS)), needs)
  const verifier = await bed.scramVerifier()
  return {
    name: 'pgbouncer',
    account: 'postgres',
    signal: 'SIGQUIT',
    note: mode.note,
    address: bed.login(server),
    compose: async (place) => ({
      file: 'pgbouncer',
      args: ['pgbouncer.ini'],
      files: {
        // The server's own verifier lets clients in and PgBouncer on, without a key derivation a log-in.
        'users.txt': `"${server.user}" "${verifier}"\n`,
        'pgbouncer.ini': [
          `[databases]\n* = host=${server.host} port=${server.port}\n`,
          `[pgbouncer]\n${settingLines(settings(place, mode))}`,
        ].join('\n'),
      },
    }),
  }
}

const PROGRAMS = {
  encoding: 'utf8',
  env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin' },
} as const

interface PoolMode {
  readonly mode: 'transaction' | 'session'
  readonly size: number
  readonly prepared: Readonly<Record<string, number>>
  readonly note: string
}

/** Transaction mode wherever it works. */
export function poolMode(version: number, { isPrepared, clients }: Needs): PoolMode {
  if (!isPrepared) return { mode: 'transaction', size: POOL_SIZE, prepared: {}, note: '' }
  if (version >= KNOWS_PREPARED) {
    const prepared = { max_prepared_statements: 200 }
    return { mode: 'transaction', size: POOL_SIZE, prepared, note: '' }
  }
  const note = `PgBouncer ${version} knows prepared statements in session mode only: here it has a connection a client`
  return { mode: 'session', size: clients, prepared: {}, note }
}

export function versionOf(text: string): number {
  return Number(text.match(/PgBouncer (\d+\.\d+)/)?.[1] ?? 0)
}

function settings(
  { directory, port }: Place,
  { mode, size, prepared }: PoolMode,
): Readonly<Record<string, string | number>> {
  return {
    listen_addr: '127.0.0.1',
    listen_port: port,
    unix_socket_dir: directory,
    auth_type: 'scram-sha-256',
    auth_file: 'users.txt',
    pool_mode: mode,
    default_pool_size: size,
    max_client_conn: 1000,
    ...prepared,
    log_connections: 0,
    log_disconnections: 0,
    log_stats: 0,
  }
}
