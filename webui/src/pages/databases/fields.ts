import type {
  Database,
  DatabaseChange,
  DatabaseCreation,
  DestructiveGuard,
  Engine,
  LearningMode,
  PoolMode,
  TlsMode,
} from '@articdbm/contract'

/** The form, flat: texts as they are typed. */
export interface Fields {
  readonly name: string
  readonly engine: Engine
  readonly host: string
  readonly port: string
  readonly target: string
  readonly path: string
  readonly user: string
  readonly password: string
  readonly tls: TlsMode
  readonly maxConnections: string
  readonly checkoutTimeoutMs: string
  readonly maxConnectionsPerUser: string
  readonly poolMode: PoolMode
  readonly lanes: boolean
  readonly readWriteSplit: boolean
  readonly maxLagMs: string
  readonly mode: 'monitor' | 'enforce'
  readonly sqlInjectionDetection: boolean
  readonly blockDefaultResources: boolean
  readonly destructive: DestructiveGuard
  readonly learning: LearningMode
  readonly allowLocalFiles: boolean
  readonly tellPerson: boolean
}

export const PORTS: Record<Exclude<Engine, 'sqlite'>, string> = {
  postgres: '5432',
  mysql: '3306',
  mariadb: '3306',
  galera: '3306',
}

const NEW: Fields = {
  name: '',
  engine: 'postgres',
  host: '',
  port: '',
  target: '',
  path: '',
  user: '',
  password: '',
  tls: 'prefer',
  maxConnections: '20',
  checkoutTimeoutMs: '5000',
  maxConnectionsPerUser: '0',
  poolMode: 'transaction',
  lanes: true,
  readWriteSplit: true,
  maxLagMs: '10000',
  mode: 'enforce',
  sqlInjectionDetection: true,
  blockDefaultResources: true,
  destructive: 'off',
  learning: 'off',
  allowLocalFiles: false,
  tellPerson: false,
}

export function fieldsOf(database: Database | undefined): Fields {
  if (!database) return NEW
  const { name, engine, target, backends, pool, policy, routing } = database
  const [first] = backends
  const isFile = engine === 'sqlite'
  return {
    ...NEW,
    ...policy,
    destructive: policy.destructive ?? 'off',
    learning: policy.learning ?? 'off',
    name,
    engine,
    host: first?.host ?? '',
    port: first ? String(first.port) : '',
    tls: first?.tls ?? 'prefer',
    target: isFile ? '' : target,
    path: isFile ? target : '',
    maxConnections: String(pool.maxConnections),
    checkoutTimeoutMs: String(pool.checkoutTimeoutMs),
    maxConnectionsPerUser: String(pool.maxConnectionsPerUser ?? 0),
    poolMode: pool.mode ?? 'transaction',
    lanes: pool.lanes ?? true,
    readWriteSplit: routing.readWriteSplit,
    maxLagMs: String(routing.maxLagMs),
  }
}

export function creationOf(fields: Fields): DatabaseCreation {
  return { name: fields.name, engine: fields.engine, ...placeOf(fields, []), ...settingsOf(fields) }
}

/** This form edits where the first backend is; all else of them is kept. */
export function changeOf(fields: Fields, database: Database): DatabaseChange {
  const kept = database.backends.map(({ id: _, ...backend }) => backend)
  return { ...placeOf(fields, kept), ...settingsOf(fields), version: database.version }
}

type Place = Pick<DatabaseChange, 'target' | 'backends' | 'credential'>

function placeOf(fields: Fields, kept: NonNullable<DatabaseChange['backends']>): Place {
  if (fields.engine === 'sqlite') return { target: fields.path }
  const { host, tls, user, password } = fields
  const port = Number(fields.port || PORTS[fields.engine])
  return {
    ...(fields.target ? { target: fields.target } : {}),
    backends: [{ ...kept[0], host, port, tls }, ...kept.slice(1)],
    ...(user ? { credential: { user, password } } : {}),
  }
}

type Settings = Pick<DatabaseChange, 'pool' | 'policy' | 'routing'>

function settingsOf(fields: Fields): Settings {
  const { mode, sqlInjectionDetection, blockDefaultResources, destructive } = fields
  const { learning, allowLocalFiles, tellPerson } = fields
  return {
    pool: {
      maxConnections: Number(fields.maxConnections),
      checkoutTimeoutMs: Number(fields.checkoutTimeoutMs),
      maxConnectionsPerUser: Number(fields.maxConnectionsPerUser),
      mode: fields.poolMode,
      lanes: fields.lanes,
    },
    policy: {
      ...{ mode, sqlInjectionDetection, blockDefaultResources },
      ...{ destructive, learning, allowLocalFiles, tellPerson },
    },
    routing: { readWriteSplit: fields.readWriteSplit, maxLagMs: Number(fields.maxLagMs) },
  }
}
