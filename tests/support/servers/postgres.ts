import { appendFileSync, existsSync, globSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { makeCertificate } from './certificate.ts'
import {
  type Account,
  accountOf,
  prepare,
  removeDirectory,
  scratchDirectory,
  startChild,
} from './child.ts'
import { freePort } from './port.ts'
import { DATABASE, HOST, newPassword, type Server, type ServerOptions, USER } from './server.ts'
import { untilReady, withRetries } from './wait.ts'

/** Where Debian keeps the newest PostgreSQL's programs; they are not on the PATH. */
export function postgresPrograms(): string | undefined {
  const newest = globSync('/usr/lib/postgresql/*/bin')
    .filter((path) => existsSync(join(path, 'postgres')))
    .sort((a, b) => version(b) - version(a))[0]
  return newest
}

export function startPostgres(options: ServerOptions = {}): Promise<Server> {
  return withRetries(() => startOnce(options))
}

async function startOnce(options: ServerOptions): Promise<Server> {
  const programs = postgresPrograms()
  if (programs === undefined) throw new Error('PostgreSQL is not installed')
  const account = accountOf('postgres')
  const directory = scratchDirectory('postgres', account)
  const password = newPassword()
  const port = await freePort()
  initialisePostgres(programs, directory, { password, account })
  const caFile = await configure(directory, { port, account, options })
  const file = join(programs, 'postgres')
  const args = ['-D', join(directory, 'data')]
  // SIGQUIT is PostgreSQL's immediate shutdown: it takes its own children along.
  const namespace = options.namespace?.name
  const host = options.namespace?.host ?? HOST
  const child = startChild({ file, args, directory, account, namespace }, 'SIGQUIT')
  const server: Server = {
    host,
    port,
    user: USER,
    password,
    url: `postgres://${USER}:${password}@${host}:${port}/${DATABASE}`,
    pid: child.pid,
    caFile,
    stop: async () => {
      await child.stop()
      removeDirectory(directory)
    },
  }
  await untilReady('PostgreSQL', child, () => createDatabase(server))
  return server
}

export function initialisePostgres(
  programs: string,
  directory: string,
  { password, account }: { password: string; account: Account | undefined },
): void {
  const passwordFile = join(directory, 'password')
  writeFileSync(passwordFile, password, { mode: 0o644 })
  prepare({
    file: join(programs, 'initdb'),
    args: [
      ...['-D', join(directory, 'data'), '-U', USER, `--pwfile=${passwordFile}`],
      ...['-A', 'scram-sha-256', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    ],
    directory,
    account,
  })
}

interface Configuration {
  readonly port: number
  readonly account: Account | undefined
  readonly options: ServerOptions
}

async function configure(
  directory: string,
  { port, account, options }: Configuration,
): Promise<string | undefined> {
  const certificate = options.tls === true ? await makeCertificate(directory, account) : undefined
  const host = options.namespace?.host ?? HOST
  const lines = [
    `port = ${port}`,
    `listen_addresses = '${host}'`,
    `unix_socket_directories = '${directory}'`,
    'max_connections = 300',
    'shared_buffers = 64MB',
    'fsync = off',
    'synchronous_commit = off',
    'full_page_writes = off',
    'max_prepared_transactions = 10',
    ...(certificate === undefined
      ? []
      : [
          'ssl = on',
          `ssl_cert_file = '${certificate.certificateFile}'`,
          `ssl_key_file = '${certificate.keyFile}'`,
        ]),
    ...(options.settings ?? []),
  ]
  appendFileSync(join(directory, 'data', 'postgresql.conf'), `\n${lines.join('\n')}\n`)
  if (options.namespace) {
    const entry = `host all all ${host}/30 scram-sha-256\n`
    appendFileSync(join(directory, 'data', 'pg_hba.conf'), entry)
  }
  return certificate?.certificateFile
}

async function createDatabase({ host, port, user, password }: Server): Promise<void> {
  const client = new Client({ host, port, user, password, database: 'postgres' })
  client.on('error', () => undefined) // the failure that matters is the one of connect or query
  await client.connect()
  try {
    await client.query(`CREATE DATABASE ${DATABASE}`)
  } finally {
    await client.end()
  }
}

function version(path: string): number {
  return Number(path.split('/').at(-2))
}
