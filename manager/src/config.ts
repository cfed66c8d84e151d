// The one reader of the environment: everything is checked at start, and every wrong variable is named at once.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Attempt, composeConfig, type Environment, Secret } from '@articdbm/contract'
import { type MasterKey, parseMasterKey } from '@articdbm/credential'
import { type Static, Type } from 'typebox'
import type { RetryLimits, StoreConfig, StoreHost } from './store/index.ts'

const Port = Type.Integer({ minimum: 1, maximum: 65_535 })
const HostAndPort = Type.String({
  pattern: '^[A-Za-z0-9._-]+:[0-9]{1,5}$|^\\[[0-9a-fA-F:]+\\]:[0-9]{1,5}$',
})

const Settings = Type.Object({
  MANAGER_HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on' }),
  MANAGER_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 8000 }),
  LOG_LEVEL: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], { default: 'info' }),
  ARTICDBM_DATA_DIR: Type.String({ default: '.articdbm' }),
  ARTICDBM_MASTER_KEY: Type.Optional(Type.String({ description: '32 bytes, base64 or hex' })),
  ARTICDBM_MASTER_KEY_FILE: Type.Optional(Type.String()),
  DB_TYPE: Type.Enum(['sqlite', 'postgres', 'mysql', 'galera'], { default: 'sqlite' }),
  DB_PATH: Type.Optional(
    Type.String({ description: 'SQLite file; default articdbm.db in the data directory' }),
  ),
  DB_HOST: Type.String({ default: '127.0.0.1', description: 'Several as a,b,c or a:3306,b:3306' }),
  DB_PORT: Type.Optional(Port),
  DB_NAME: Type.String({ default: 'articdbm' }),
  DB_USER: Type.String({ default: 'articdbm' }),
  DB_PASSWORD: Type.String({ default: '' }),
  DB_POOL_SIZE: Type.Integer({ minimum: 1, maximum: 200, default: 10 }),
  DB_MAX_RETRIES: Type.Integer({ minimum: 0, maximum: 100, default: 5 }),
  DB_RETRY_DELAY: Type.Number({ minimum: 0, maximum: 300, default: 5, description: 'Seconds' }),
  DB_TLS: Type.Enum(['disable', 'require', 'verify'], { default: 'disable' }),
  DB_CA_FILE: Type.Optional(Type.String()),
  GALERA_MODE: Type.Boolean({ default: false }),
  DATABASE_URL: Type.Optional(
    Type.String({ description: 'postgres://, mysql://, galera:// or sqlite:' }),
  ),
  GATEWAY_POSTGRES_DOOR: Type.String({ ...HostAndPort, default: '127.0.0.1:6432' }),
  GATEWAY_MYSQL_DOOR: Type.String({ ...HostAndPort, default: '127.0.0.1:6033' }),
  GATEWAY_CA_FILE: Type.Optional(
    Type.String({ description: 'Authority of the doors; unset: no TLS to them' }),
  ),
  WEB_ORIGIN: Type.String({ default: 'http://localhost:3000,http://127.0.0.1:3000' }),
  TRUSTED_PROXIES: Type.String({
    default: '',
    description: 'Addresses whose X-Forwarded-For is believed',
  }),
  AUDIT_RETENTION_DAYS: Type.Integer({ minimum: 1, maximum: 36_500, default: 90 }),
  PASSWORD_COST: Type.Integer({
    minimum: 10,
    maximum: 16,
    default: 12,
    description: 'Of bcrypt: one more doubles the work of a log-in, and of guessing',
  }),
  REQUEST_TIMEOUT_MS: Type.Integer({
    minimum: 1_000,
    maximum: 3_600_000,
    default: 120_000,
    description: 'For a whole request to arrive; its answer may take longer',
  }),
  REDIS_URL: Type.Optional(Type.String()),
})
type Settings = Static<typeof Settings>

export interface DoorAddress {
  readonly host: string
  readonly port: number
}

export interface Config {
  readonly host: string
  readonly port: number
  readonly logLevel: string
  readonly master: MasterKey
  readonly store: StoreConfig
  readonly doors: {
    readonly postgres: DoorAddress
    readonly mysql: DoorAddress
    /** Undefined: no TLS. */
    readonly ca: string | undefined
  }
  readonly webOrigins: readonly string[]
  readonly trustedProxies: readonly string[]
  readonly auditRetentionDays: number
  readonly passwordCost: number
  readonly requestTimeoutMs: number
}

/** Throws one Error that lists everything that is wrong. */
export function readConfig(environment: Environment = process.env): Config {
  return composeConfig(Settings, environment, configOf)
}

function configOf(read: Settings, attempt: Attempt): Config {
  return {
    host: read.MANAGER_HOST,
    port: read.MANAGER_PORT,
    logLevel: read.LOG_LEVEL,
    master: attempt(() => masterKey(read)) ?? new Uint8Array(),
    store: attempt(() => storeConfig(read)) ?? { type: 'sqlite', path: ':memory:' },
    doors: {
      postgres: hostAndPort(read.GATEWAY_POSTGRES_DOOR, 6432),
      mysql: hostAndPort(read.GATEWAY_MYSQL_DOOR, 6033),
      ca: attempt(() => fileText('GATEWAY_CA_FILE', read.GATEWAY_CA_FILE)),
    },
    webOrigins: listOf(read.WEB_ORIGIN),
    trustedProxies: listOf(read.TRUSTED_PROXIES),
    auditRetentionDays: read.AUDIT_RETENTION_DAYS,
    passwordCost: read.PASSWORD_COST,
    requestTimeoutMs: read.REQUEST_TIMEOUT_MS,
  }
}

function masterKey(read: Settings): MasterKey {
  const text =
    read.ARTICDBM_MASTER_KEY ?? fileText('ARTICDBM_MASTER_KEY_FILE', read.ARTICDBM_MASTER_KEY_FILE)
  if (text === undefined) {
    throw new Error('ARTICDBM_MASTER_KEY or ARTICDBM_MASTER_KEY_FILE: one of them must be set')
  }
  try {
    return parseMasterKey(text)
  } catch (error) {
    throw new Error(`ARTICDBM_MASTER_KEY: ${error instanceof Error ? error.message : error}`)
  }
}

function fileText(variable: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Error(`${variable}: ${error instanceof Error ? error.message : error}`)
  }
}

function storeConfig(read: Settings): StoreConfig {
  const retries = { maxRetries: read.DB_MAX_RETRIES, retryDelayMs: read.DB_RETRY_DELAY * 1000 }
  const common = { poolSize: read.DB_POOL_SIZE, retries, ...tlsOf(read) }
  if (read.DATABASE_URL !== undefined) return storeOfUrl(read, common)
  if (read.DB_TYPE === 'sqlite') {
    return {
      type: 'sqlite',
      path: read.DB_PATH ?? join(read.ARTICDBM_DATA_DIR, 'articdbm.db'),
      retries,
    }
  }
  const type = read.DB_TYPE === 'mysql' && read.GALERA_MODE ? 'galera' : read.DB_TYPE
  const port = read.DB_PORT ?? DEFAULT_PORT[type]
  return {
    type,
    hosts: listOf(read.DB_HOST).map((host) => hostAndPort(host, port)),
    database: read.DB_NAME,
    user: read.DB_USER,
    password: new Secret(read.DB_PASSWORD),
    ...common,
  }
}

const DEFAULT_PORT = { postgres: 5432, mysql: 3306, galera: 3306 } as const
const URL_TYPES: Readonly<Record<string, 'postgres' | 'mysql' | 'galera'>> = {
  'postgres:': 'postgres',
  'postgresql:': 'postgres',
  'mysql:': 'mysql',
  'mariadb:': 'mysql',
  'galera:': 'galera',
}

interface ServerCommon {
  readonly poolSize: number
  readonly retries: RetryLimits
}

function storeOfUrl(read: Settings, common: ServerCommon): StoreConfig {
  const text = read.DATABASE_URL ?? ''
  if (text.startsWith('sqlite:')) {
    return {
      type: 'sqlite',
      path: text.slice('sqlite:'.length).replace(/^\/\/(?=\/)/, ''),
      retries: common.retries,
    }
  }
  // WHATWG URL takes one host, so several are cut out before it reads the rest.
  const match = /^([a-z]+:)\/\/(?:([^@/]*)@)?([^/]+)\/([^?]+)$/.exec(text)
  const type = URL_TYPES[match?.[1] ?? '']
  if (!match || !type)
    throw new Error('DATABASE_URL: must be like postgres://user:password@host:port/name')
  const [user = '', password = ''] = (match[2] ?? '').split(':').map(decodeURIComponent)
  const actual = type === 'mysql' && read.GALERA_MODE ? 'galera' : type
  return {
    type: actual,
    hosts: listOf(match[3] ?? '').map((host) => hostAndPort(host, DEFAULT_PORT[type])),
    database: decodeURIComponent(match[4] ?? ''),
    user,
    password: new Secret(password),
    ...common,
  }
}

function tlsOf(read: Settings) {
  if (read.DB_TLS === 'disable') return {}
  if (read.DB_TLS === 'require') return { tls: { mode: 'require' as const } }
  const ca = fileText('DB_CA_FILE', read.DB_CA_FILE)
  return { tls: { mode: 'verify' as const, ...(ca === undefined ? {} : { ca }) } }
}

function hostAndPort(text: string, defaultPort: number): StoreHost {
  const match = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text)
  if (!match) throw new Error(`"${text}" is not host:port`)
  return { host: match[1] ?? match[2] ?? '', port: Number(match[3] ?? defaultPort) }
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean)
}
