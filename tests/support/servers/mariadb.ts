import { chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import { makeCertificate } from './certificate.ts'
import type { Account, Child } from './child.ts'
import { accountOf, prepare, removeDirectory, scratchDirectory, startChild } from './child.ts'
import type { Namespace } from './namespace.ts'
import { freePort } from './port.ts'
import { DATABASE, HOST, newPassword, type Server, type ServerOptions, USER } from './server.ts'
import { untilReady, withRetries } from './wait.ts'

export function startMariadb(options: ServerOptions = {}): Promise<Server> {
  return withRetries(() => startOnce(options))
}

async function startOnce(options: ServerOptions): Promise<Server> {
  const account = accountOf('mysql')
  const directory = scratchDirectory('mariadb', account)
  const password = newPassword()
  const port = await freePort()
  const certificate = options.tls === true ? await makeCertificate(directory, account) : undefined
  const tls = certificate && [
    `ssl-cert=${certificate.certificateFile}`,
    `ssl-key=${certificate.keyFile}`,
  ]
  installMariadb(directory, 'data', account)
  const settings = [...(tls ?? []), ...(options.settings ?? [])]
  const { namespace } = options
  const node = { directory, name: 'data', port, password, account, namespace }
  const child = startMariadbd(node, settings)
  const server: Server = {
    ...mariadbAddress(port, password, namespace?.host),
    pid: child.pid,
    caFile: certificate?.certificateFile,
    stop: async () => {
      await child.stop()
      removeDirectory(directory)
    },
  }
  await untilReady('MariaDB', child, () => askMariadb(server, 'SELECT 1').then(() => undefined))
  return server
}

export interface MariadbNode {
  readonly directory: string
  readonly name: string
  readonly port: number
  readonly password: string
  readonly account: Account | undefined
  readonly namespace?: Namespace | undefined
}

export function mariadbAddress(port: number, password: string, host = HOST) {
  const url = `mysql://${USER}:${password}@${host}:${port}/${DATABASE}`
  return { host, port, user: USER, password, url, caFile: undefined }
}

/** An empty data directory, so that nothing is shared with the system's own server. */
export function installMariadb(
  directory: string,
  name: string,
  account: Account | undefined,
): void {
  const path = join(directory, name)
  if (!existsSync(path)) mkdirSync(path)
  if (account) chownSync(path, account.uid, account.gid)
  prepare({
    file: 'mariadb-install-db',
    args: [
      ...['--no-defaults', `--datadir=${path}`, '--skip-test-db'],
      ...['--auth-root-authentication-method=normal', '--skip-log-bin'],
      ...(account ? ['--user=mysql'] : []),
    ],
    directory,
  })
}

export function startMariadbd(node: MariadbNode, settings: readonly string[]): Child {
  const { directory, name, port, password, account, namespace } = node
  const first = join(directory, `${name}.sql`)
  writeFileSync(first, firstStatements(password), { mode: 0o644 })
  const lines = [
    '[mysqld]',
    `datadir=${join(directory, name)}`,
    `socket=${join(directory, `${name}.sock`)}`,
    `pid-file=${join(directory, `${name}.pid`)}`,
    `tmpdir=${directory}`,
    `bind-address=${namespace?.host ?? HOST}`,
    `port=${port}`,
    `init-file=${first}`,
    'skip-name-resolve',
    'max_connections=300',
    'innodb_buffer_pool_size=64M',
    'innodb_log_file_size=32M',
    'innodb_flush_log_at_trx_commit=0',
    'innodb_doublewrite=0',
    'innodb_flush_method=nosync',
    ...settings,
  ]
  const file = join(directory, `${name}.cnf`)
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o644 })
  const args = [`--defaults-file=${file}`]
  return startChild({
    ...{ file: 'mariadbd', args, directory, account },
    namespace: namespace?.name,
  })
}

/** An init file takes one statement a line. */
function firstStatements(password: string): string {
  return [
    `CREATE DATABASE IF NOT EXISTS ${DATABASE} CHARACTER SET utf8mb4;`,
    `CREATE USER IF NOT EXISTS '${USER}'@'%' IDENTIFIED BY '${password}';`,
    `GRANT ALL ON *.* TO '${USER}'@'%' WITH GRANT OPTION;`,
    '',
  ].join('\n')
}

export async function askMariadb(
  address: Pick<Server, 'host' | 'port' | 'user' | 'password'> & { readonly database?: string },
  sql: string,
): Promise<readonly Record<string, unknown>[]> {
  const { host, port, user, password, database } = address
  const client = await createConnection({
    ...{ host, port, user, password, connectTimeout: 2_000 },
    ...(database === undefined ? {} : { database }),
  })
  client.on('error', () => undefined) // the failure that matters is the one of the query
  try {
    const [rows] = await client.query(sql)
    return rows as Record<string, unknown>[]
  } finally {
    client.destroy()
  }
}
