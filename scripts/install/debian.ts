// What `make test`, `make bench` and `make drivers` need from Debian, and how it gets there without a server of the system starting.
import { spawnSync } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  globSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

interface Need {
  readonly package: string
  readonly isThere: () => boolean
}

export const TEST_NEEDS: readonly Need[] = [
  { package: 'postgresql', isThere: () => exists('/usr/lib/postgresql/*/bin/initdb') },
  {
    package: 'postgresql-contrib',
    isThere: () => exists('/usr/share/postgresql/*/extension/pgcrypto.control'),
  },
  { package: 'postgresql-client', isThere: () => onPath('psql') },
  { package: 'mariadb-server', isThere: () => onPath('mariadbd') && onPath('mariadb-install-db') },
  { package: 'mariadb-client', isThere: () => onPath('mariadb') },
  { package: 'galera-4', isThere: () => exists('/usr/lib{,64,/*}/galera{,-4}/libgalera_smm.so') },
  { package: 'rsync', isThere: () => onPath('rsync') },
  { package: 'redis-server', isThere: () => onPath('redis-server') },
  { package: 'chromium', isThere: () => chromiumPath() !== undefined },
  { package: 'sysbench', isThere: () => onPath('sysbench') },
  { package: 'sqlmap', isThere: () => onPath('sqlmap') },
  { package: 'openssl', isThere: () => onPath('openssl') },
  { package: 'iproute2', isThere: () => onPath('ip') },
  { package: 'iptables', isThere: () => onPath('iptables') },
]

const MEASURED = ['postgresql', 'postgresql-contrib', 'mariadb-server', 'sysbench']

export const BENCH_NEEDS: readonly Need[] = [
  ...TEST_NEEDS.filter((need) => MEASURED.includes(need.package)),
  { package: 'pgbouncer', isThere: () => onPath('pgbouncer') },
  { package: 'pgpool2', isThere: () => onPath('pgpool') },
  { package: 'haproxy', isThere: () => onPath('haproxy') },
]

/** With what drivers are built whose suites `make drivers` runs. */
export const DRIVER_NEEDS: readonly Need[] = [
  ...TEST_NEEDS,
  { package: 'gcc', isThere: () => onPath('gcc') },
  { package: 'make', isThere: () => onPath('make') },
  { package: 'libpq-dev', isThere: () => exists('/usr/include/postgresql/libpq-fe.h') },
  { package: 'python3-dev', isThere: () => exists('/usr/include/python3*/Python.h') },
  {
    package: 'python3-setuptools',
    isThere: () => exists('/usr/lib/python3/dist-packages/setuptools/__init__.py'),
  },
  {
    package: 'python3-pytest',
    isThere: () => exists('/usr/lib/python3/dist-packages/pytest/__init__.py'),
  },
  { package: 'golang-go', isThere: () => onPath('go') },
  ...['lib/pq', 'go-sql-driver/mysql', 'jackc/pgx/v4'].map((path) => ({
    package: `golang-github-${path.replaceAll('/', '-')}-dev`,
    isThere: () => exists(`/usr/share/gocode/src/github.com/${path}`),
  })),
  { package: 'libdbi-perl', isThere: () => exists('/usr/lib/*/perl5/*/DBI.pm') },
]

/** For the person at the terminal: its message says it all. */
export class PackagesMissing extends Error {}

/** Installs what is missing; throws a message that names it where that isn't possible. */
export function ensurePackages(needs: readonly Need[], say: (line: string) => void): void {
  const missing = missingPackages(needs)
  if (missing.length === 0) return
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`
  const why = whyNot()
  if (why !== undefined) {
    throw new PackagesMissing(`missing: ${missing.join(', ')}. They can't be installed here, because ${why}.
On Debian, as root:  apt-get update && ${command}`)
  }
  say(`installing ${missing.join(', ')}`)
  withoutStartingServices(() => install(missing))
  const still = missingPackages(needs)
  if (still.length > 0) throw new PackagesMissing(`installed, but not found: ${still.join(', ')}`)
}

function missingPackages(needs: readonly Need[]): readonly string[] {
  return needs.filter(({ isThere }) => !isThere()).map((need) => need.package)
}

export function chromiumPath(): string | undefined {
  return ['chromium', 'chromium-browser', 'google-chrome'].map(whereIs).find((path) => path !== '')
}

function whyNot(): string | undefined {
  if (!onPath('apt-get')) return 'this system has no apt-get'
  if (process.getuid?.() !== 0) return 'only root may install packages'
  return undefined
}

const GUARD = '/usr/sbin/policy-rc.d'

/** Debian starts a server when it installs one, on its standard port; policy-rc.d (101: forbidden) is its own way to prevent it. */
function withoutStartingServices(work: () => void): void {
  const isOurs = !existsSync(GUARD)
  const remove = (): void => rmSync(GUARD, { force: true })
  if (isOurs) {
    writeFileSync(GUARD, '#!/bin/sh\nexit 101\n')
    chmodSync(GUARD, 0o755)
    process.once('exit', remove)
  }
  try {
    work()
  } finally {
    if (isOurs) {
      remove()
      process.off('exit', remove)
    }
  }
}

const LOCK_SECONDS = 300

function install(packages: readonly string[]): void {
  const wait = ['-o', `DPkg::Lock::Timeout=${LOCK_SECONDS}`]
  apt([...wait, 'update'])
  apt([...wait, 'install', '-y', '--no-install-recommends', ...packages])
}

function apt(args: readonly string[]): void {
  const ended = spawnSync('apt-get', args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: 15 * 60_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (ended.status === 0) return
  const why = ended.error?.message ?? `${ended.stdout}${ended.stderr}`
  throw new PackagesMissing(`apt-get ${args.join(' ')} failed:\n${why.slice(-3000)}`)
}

function exists(pattern: string): boolean {
  return globSync(pattern).length > 0
}

function onPath(program: string): boolean {
  return whereIs(program) !== ''
}

function whereIs(program: string): string {
  const directories = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']
  return directories.map((directory) => join(directory, program)).find(isExecutable) ?? ''
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
