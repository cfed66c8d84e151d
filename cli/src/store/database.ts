import { resolve } from 'node:path'
import type { DatabaseCreation, Engine, TlsMode } from '@articdbm/contract'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { withOperations } from './open.ts'
import { printLine, printTable } from './print.ts'
import { askSecret } from './secret-input.ts'

const ENGINES = ['postgres', 'mysql', 'mariadb', 'galera', 'sqlite']
const DEFAULT_PORTS: Readonly<Record<Engine, number>> = {
  postgres: 5432,
  mysql: 3306,
  mariadb: 3306,
  galera: 3306,
  sqlite: 0,
}

interface AddOptions {
  readonly engine: Engine
  readonly target?: string
  readonly host: readonly string[]
  readonly port?: number
  readonly user?: string
  readonly tls: TlsMode
}

export function addDatabase(program: Command): void {
  const database = program.command('database').description('databases behind the doors')
  database
    .command('add <name>')
    .description('add a database; its password is asked for, or read from stdin')
    .addOption(new Option('--engine <engine>').choices(ENGINES).makeOptionMandatory())
    .option('--target <name>', "what the backend calls it; for SQLite the file's path")
    .option('--host <host...>', 'one or more primaries (all nodes of a Galera cluster)', [
      '127.0.0.1',
    ])
    .option('--port <port>', "default: the engine's", parsePort)
    .option('--user <name>', 'whom the gateway connects as')
    .addOption(
      new Option('--tls <mode>')
        .choices(['disable', 'prefer', 'require', 'verify'])
        .default('prefer'),
    )
    .action(add)
  database.command('list').description('list all databases').action(list)
  database
    .command('test <name>')
    .description('ask through the gateway whether the backend answers')
    .action(test)
}

async function add(name: string, options: AddOptions): Promise<void> {
  const creation =
    options.engine === 'sqlite' ? ofFile(name, options) : await ofServer(name, options)
  await withOperations((operations) => operations.addDatabase(creation))
  printLine(`added ${name}; try it: ./articdbm database test ${name}`)
}

function ofFile(name: string, { engine, target }: AddOptions): DatabaseCreation {
  return { name, engine, target: resolve(target ?? `${name}.db`) }
}

async function ofServer(name: string, options: AddOptions): Promise<DatabaseCreation> {
  const { engine, target = name, host, port = DEFAULT_PORTS[engine], user, tls } = options
  if (user === undefined) throw new Error('--user is missing: whom does the gateway connect as?')
  const password = await askSecret(`password of ${user} on ${host.join(', ')}: `)
  return {
    name,
    engine,
    target,
    backends: host.map((one) => ({ host: one, port, tls })),
    credential: { user, password },
  }
}

async function list(): Promise<void> {
  const databases = await withOperations((operations) => operations.listDatabases())
  printTable(
    ['NAME', 'ENGINE', 'TARGET', 'BACKENDS'],
    databases.map(({ name, engine, target, backends }) => {
      const places = backends.map(({ host, port }) => `${host}:${port}`)
      return [name, engine, target, places.join(',') || '-']
    }),
  )
}

async function test(name: string): Promise<void> {
  const result = await withOperations((operations) => operations.testDatabase(name))
  if (!result.isReachable) throw new Error(`${name} can't be reached: ${result.message}`)
  printLine(`${name} answers in ${result.latencyMs} ms: ${result.serverVersion}`)
}

function parsePort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new InvalidArgumentError('a port is a number from 1 to 65535')
}
