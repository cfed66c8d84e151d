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
import { type Pair, pairOf, type ReplicatedNode } from './pair.ts'
import { freePorts } from './port.ts'
import { initialisePostgres, postgresPrograms } from './postgres.ts'
import { DATABASE, HOST, newPassword, USER } from './server.ts'
import { untilReady, withRetries } from './wait.ts'

/** A primary and a replica that streams from it. */
export function startPostgresPair(): Promise<Pair> {
  return withRetries(startOnce)
}

async function startOnce(): Promise<Pair> {
  const programs = postgresPrograms()
  if (programs === undefined) throw new Error('PostgreSQL is not installed')
  const account = accountOf('postgres')
  const directory = scratchDirectory('postgres-pair', account)
  const password = newPassword()
  const [first = 0, second = 0] = await freePorts(2)
  const common = { programs, directory, account, password }
  initialisePostgres(programs, directory, { password, account })
  configure(join(directory, 'data'), directory)
  const primary = new Node({ ...common, name: 'data', port: first })
  const replica = new Node({ ...common, name: 'replica', port: second })
  return await pairOf({ primary, replica, password, directory }, async () => {
    await primary.restart()
    await primary.ask(`CREATE DATABASE ${DATABASE}`, 'postgres')
    copy(common, first)
    await replica.restart()
  })
}

function configure(data: string, directory: string): void {
  const lines = [
    `listen_addresses = '${HOST}'`,
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
  appendFileSync(join(data, 'pg_hba.conf'), `host replication all ${HOST}/32 scram-sha-256\n`)
}

interface Common {
  readonly programs: string
  readonly directory: string
  readonly account: Account | undefined
  readonly password: string
}

function copy({ programs, directory, account, password }: Common, port: number): void {
  const address = `host=${HOST} port=${port} user=${USER} password=${password}`
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

class Node implements ReplicatedNode {
  readonly host = HOST
  readonly port: number
  readonly #common: Common & { readonly name: string }
  #child: Child | undefined

  constructor({ port, ...common }: Common & { readonly name: string; readonly port: number }) {
    this.port = port
    this.#common = common
  }

  async kill(): Promise<void> {
    await this.#child?.stop()
  }

  async restart(): Promise<void> {
    const { programs, directory, account, name } = this.#common
    const data = join(directory, name)
    // A killed server leaves its lock; nobody else uses this directory.
    if (existsSync(join(data, 'postmaster.pid'))) rmSync(join(data, 'postmaster.pid'))
    const args = ['-D', data, '-p', `${this.port}`]
    const child = startChild(
      { file: join(programs, 'postgres'), args, directory, account },
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

  async delay(delayMs: number): Promise<void> {
    await this.ask(`ALTER SYSTEM SET recovery_min_apply_delay = '${delayMs}ms'`, 'postgres')
    await this.ask('SELECT pg_reload_conf()', 'postgres')
  }

  async ask(sql: string, database = DATABASE): Promise<readonly Record<string, unknown>[]> {
    const { password } = this.#common
    const client = new Client({
      ...{ host: HOST, port: this.port, user: USER, password, database },
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
