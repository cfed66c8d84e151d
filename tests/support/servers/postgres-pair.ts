import { appendFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import {
  type Account,
  accountOf,
  type Child,
  prepare,
  scratchDirectory,
  startChild,
} from './child.ts'
import type { Namespace } from './namespace.ts'
import { type Pair, type PairOptions, pairOf, type ReplicatedNode } from './pair.ts'
import { freePorts } from './port.ts'
import { initialisePostgres, postgresPrograms } from './postgres.ts'
import { DATABASE, HOST, newPassword, USER } from './server.ts'
import { untilReady, withRetries } from './wait.ts'

/** A primary and a replica that streams from it. */
export function startPostgresPair(options: PairOptions = {}): Promise<Pair> {
  return withRetries(() => startOnce(options))
}

async function startOnce({ namespace }: PairOptions): Promise<Pair> {
  const programs = postgresPrograms()
  if (programs === undefined) throw new Error('PostgreSQL is not installed')
  const account = accountOf('postgres')
  const directory = scratchDirectory('postgres-pair', account)
  const password = newPassword()
  const [first = 0, second = 0] = await freePorts(2)
  const common = { programs, directory, account, password }
  initialisePostgres(programs, directory, { password, account })
  configure(join(directory, 'data'), directory, namespace?.host)
  const primary = new Node({ ...common, name: 'data', port: first, namespace })
  const replica = new Node({ ...common, name: 'replica', port: second })
  return await pairOf({ primary, replica, password, directory }, async () => {
    await primary.restart()
    await primary.ask(`CREATE DATABASE ${DATABASE}`, 'postgres')
    copy(common, primary)
    await replica.restart()
  })
}

function configure(data: string, directory: string, host = HOST): void {
  const lines = [
    `listen_addresses = '${host === HOST ? HOST : `${host},${HOST}`}'`,
    `unix_socket_directories = '${directory}'`,
    'max_connections = 100',
    'shared_buffers = 32MB',
    'fsync = off',
    'wal_level = replica',
    'max_wal_senders = 5',
    'wal_keep_size = 64MB',
    'hot_standby = on',
    'wal_receiver_status_interval = 1s',
    'wal_retrieve_retry_interval = 200ms',
  ]
  appendFileSync(join(data, 'postgresql.conf'), `\n${lines.join('\n')}\n`)
  const allowed = ['all', 'replication'].map(
    (what) => `host ${what} all ${host}/30 scram-sha-256\n`,
  )
  appendFileSync(join(data, 'pg_hba.conf'), allowed.join(''))
}

interface Common {
  readonly programs: string
  readonly directory: string
  readonly account: Account | undefined
  readonly password: string
}

function copy({ programs, directory, account, password }: Common, { host, port }: Node): void {
  const address = `host=${host} port=${port} user=${USER} password=${password}`
  prepare({
    file: join(programs, 'pg_basebackup'),
    args: [
      ...['-d', address, '-D', join(directory, 'replica'), '-R', '-X', 'stream'],
      ...['-c', 'fast', '--no-sync'],
    ],
    directory,
    account,
  })
}

interface NodeOptions extends Common {
  readonly name: string
  readonly port: number
  readonly namespace?: Namespace | undefined
}

class Node implements ReplicatedNode {
  readonly host: string
  readonly port: number
  readonly #common: NodeOptions
  #child: Child | undefined

  constructor(options: NodeOptions) {
    this.host = options.namespace?.host ?? HOST
    this.port = options.port
    this.#common = options
  }

  async kill(): Promise<void> {
    await this.#child?.stop()
  }

  async restart(): Promise<void> {
    const { programs, directory, account, name, namespace } = this.#common
    const data = join(directory, name)
    // A killed server leaves its lock; nobody else uses this directory.
    if (existsSync(join(data, 'postmaster.pid'))) rmSync(join(data, 'postmaster.pid'))
    const args = ['-D', data, '-p', `${this.port}`]
    const child = startChild(
      {
        ...{ file: join(programs, 'postgres'), args, directory, account },
        namespace: namespace?.name,
      },
      'SIGQUIT',
    )
    this.#child = child
    await untilReady(`PostgreSQL (${name})`, child, async () => {
      await this.ask('SELECT 1', 'postgres')
    })
  }

  async promote(): Promise<void> {
    await this.ask('SELECT pg_promote(true, 60)', 'postgres')
  }

  async waitForReplica(mustWait: 'wait' | 'go on'): Promise<void> {
    const names = mustWait === 'wait' ? '*' : ''
    await this.ask(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`, 'postgres')
    await this.ask('SELECT pg_reload_conf()', 'postgres')
  }

  async delay(delayMs: number): Promise<void> {
    await this.ask(`ALTER SYSTEM SET recovery_min_apply_delay = '${delayMs}ms'`, 'postgres')
    await this.ask('SELECT pg_reload_conf()', 'postgres')
  }

  async ask(sql: string, database = DATABASE): Promise<readonly Record<string, unknown>[]> {
    const { password } = this.#common
    const client = new Client({
      ...{ host: this.host, port: this.port, user: USER, password, database },
      connectionTimeoutMillis: 10_000,
    })
    client.on('error', () => undefined) // the failure that matters is the one of the query
    try {
      await client.connect()
      return (await client.query(sql)).rows
    } finally {
      await client.end().catch(() => undefined)
    }
  }
}
