// What a gateway needs to judge and connect: immutable, numbered, made by the manager.
import { type Static, Type } from 'typebox'
import { LearningMode, SnapshotBypass, SnapshotLearnt, SnapshotRule } from './firewall.ts'
import { SnapshotMask } from './masking.ts'
import { Action, DatabaseName, Engine, Instant, Role, UserName } from './vocabulary.ts'

/** A SCRAM-SHA-256 verifier (RFC 5803); salt and keys in base64. It proves a password and can't be replayed. */
export const ScramVerifier = Type.Object({
  iterations: Type.Integer({ minimum: 4096, maximum: 1_000_000 }),
  salt: Type.String(),
  storedKey: Type.String(),
  serverKey: Type.String(),
})
export type ScramVerifier = Static<typeof ScramVerifier>

/** For how long a session keeps a backend connection. In `statement` mode transactions are refused. */
export const PoolMode = Type.Union([
  Type.Literal('session'),
  Type.Literal('transaction'),
  Type.Literal('statement'),
])
export type PoolMode = Static<typeof PoolMode>

/** How one person's sessions are pooled, where that differs from what a database says. */
export const UserPooling = Type.Object(
  {
    mode: Type.Optional(PoolMode),
    /** `false`: their reads share no connection with anybody's. */
    lanes: Type.Optional(Type.Boolean()),
    /** Connections to each database that their sessions may have at once; 0 for no limit. */
    maxConnections: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  },
  { additionalProperties: false, title: 'UserPooling' },
)
export type UserPooling = Static<typeof UserPooling>

export const SnapshotPrincipal = Type.Object({
  id: Type.String(),
  name: UserName,
  role: Role,
  verifier: ScramVerifier,
  isActive: Type.Boolean(),
  validUntil: Type.Union([Instant, Type.Null()]),
  /** Absent: as each database says. */
  pooling: Type.Optional(UserPooling),
})
export type SnapshotPrincipal = Static<typeof SnapshotPrincipal>

export const TlsMode = Type.Union([
  Type.Literal('disable'),
  Type.Literal('prefer'),
  Type.Literal('require'),
  Type.Literal('verify'),
])
export type TlsMode = Static<typeof TlsMode>

export const BackendRole = Type.Union([Type.Literal('primary'), Type.Literal('replica')])
export type BackendRole = Static<typeof BackendRole>

export const Backend = Type.Object({
  id: Type.String(),
  host: Type.String({ maxLength: 255 }),
  port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  role: BackendRole,
  /** 0 drains it: nothing new goes there, what is under way ends. */
  weight: Type.Integer({ minimum: 0, maximum: 1000 }),
  tls: TlsMode,
})
export type Backend = Static<typeof Backend>

/** They hold for each backend of a database. */
export const PoolSettings = Type.Object({
  mode: Type.Optional(PoolMode),
  /** Short reads of many sessions share connections; left out, they do. */
  lanes: Type.Optional(Type.Boolean()),
  /** Connections that one person's sessions may have at once; 0 for no limit. */
  maxConnectionsPerUser: Type.Optional(Type.Integer({ minimum: 0, maximum: 1000 })),
  maxConnections: Type.Integer({ minimum: 1, maximum: 1000 }),
  warmupRatio: Type.Number({ minimum: 0, maximum: 1 }),
  keptIdleRatio: Type.Number({ minimum: 0, maximum: 1 }),
  lifetimeMs: Type.Integer({ minimum: 1000 }),
  idleTimeoutMs: Type.Integer({ minimum: 1000 }),
  checkoutTimeoutMs: Type.Integer({ minimum: 10 }),
})
export type PoolSettings = Static<typeof PoolSettings>

/** PRODUCT.md section 2: 30 % opened at start, 80 % kept idle, 3 minutes of life, 60 seconds idle. */
export const DEFAULT_POOL: PoolSettings = {
  mode: 'transaction',
  lanes: true,
  maxConnectionsPerUser: 0,
  maxConnections: 20,
  warmupRatio: 0.3,
  keptIdleRatio: 0.8,
  lifetimeMs: 180_000,
  idleTimeoutMs: 60_000,
  checkoutTimeoutMs: 5_000,
}

/** Each connection to a SQLite file is a process of some 40 MB. */
const SQLITE_CONNECTIONS = 6

export function defaultPool(engine: Engine): PoolSettings {
  return engine === 'sqlite'
    ? { ...DEFAULT_POOL, maxConnections: SQLITE_CONNECTIONS }
    : DEFAULT_POOL
}

/** Which backend a statement goes to, and how backends are watched. */
export const Routing = Type.Object({
  /** Plain reads go to replicas, where there are some. */
  readWriteSplit: Type.Boolean(),
  /** A replica that is further behind gets no reads. */
  maxLagMs: Type.Integer({ minimum: 0, maximum: 3_600_000 }),
  healthCheckMs: Type.Integer({ minimum: 100, maximum: 600_000 }),
  healthTimeoutMs: Type.Integer({ minimum: 100, maximum: 60_000 }),
  /** Galera: the first healthy node in order takes all writes, the others read. */
  hasSingleWriter: Type.Boolean(),
})
export type Routing = Static<typeof Routing>

export const DEFAULT_ROUTING: Routing = {
  readWriteSplit: true,
  maxLagMs: 10_000,
  healthCheckMs: 2_000,
  healthTimeoutMs: 2_000,
  hasSingleWriter: true,
}

/** What becomes of a statement that destroys: DROP, TRUNCATE, DELETE and UPDATE without WHERE. */
export const DestructiveGuard = Type.Union([
  Type.Literal('off'),
  Type.Literal('alert'),
  /** Refused, unless it says in a comment that it is meant: `confirm` and the beginning of its digest. */
  Type.Literal('confirm'),
  Type.Literal('block'),
])
export type DestructiveGuard = Static<typeof DestructiveGuard>

export const Policy = Type.Object({
  /** `monitor` records what the injection rules would block; `enforce` blocks it. Grants always decide. */
  mode: Type.Union([Type.Literal('monitor'), Type.Literal('enforce')]),
  sqlInjectionDetection: Type.Boolean(),
  blockDefaultResources: Type.Boolean(),
  /** Absent: off. */
  destructive: Type.Optional(DestructiveGuard),
  /** Absent: off. */
  learning: Type.Optional(LearningMode),
  /** LOAD DATA LOCAL: whoever may write a table may load it from a file of their own. Absent: no. */
  allowLocalFiles: Type.Optional(Type.Boolean()),
  /** The backend can read for whom a session works: PERSON_SETTING, PERSON_VARIABLE. Absent: it can't. */
  tellPerson: Type.Optional(Type.Boolean()),
})
export type Policy = Static<typeof Policy>

/** Where a PostgreSQL session finds the person's name: `current_setting('articdbm.person', true)`. */
export const PERSON_SETTING = 'articdbm.person'
/** Where a MySQL or MariaDB session finds it. Nobody but the gateway may write either. */
export const PERSON_VARIABLE = '@articdbm_person'

export const DEFAULT_POLICY: Policy = {
  mode: 'enforce',
  sqlInjectionDetection: true,
  blockDefaultResources: true,
}

export const SnapshotDatabase = Type.Object({
  id: Type.String(),
  name: DatabaseName,
  engine: Engine,
  /** What the backend calls it: a PostgreSQL database, a MySQL schema, or the path of a SQLite file. */
  target: Type.String({ minLength: 1, maxLength: 1024 }),
  /** Where an unqualified name is found: `public`, the MySQL schema's name, or `main`. */
  defaultSchema: Type.String({ minLength: 1, maxLength: 128 }),
  backends: Type.Array(Backend),
  /** Sealed `{"user","password"}` (credential room, purpose `backend-credential`), null for SQLite. */
  credential: Type.Union([Type.String(), Type.Null()]),
  pool: PoolSettings,
  routing: Type.Optional(Routing),
  policy: Policy,
})
export type SnapshotDatabase = Static<typeof SnapshotDatabase>

/** A principal may do `action` on `table` of `database` until a time. `*` means every schema, every table. */
export const SnapshotGrant = Type.Object({
  id: Type.String(),
  principalId: Type.String(),
  databaseId: Type.String(),
  /** A schema's name, `*` for all, or '' for the database's default schema. */
  schema: Type.String({ maxLength: 128 }),
  table: Type.String({ minLength: 1, maxLength: 128 }),
  actions: Type.Array(Action, { minItems: 1 }),
  validUntil: Type.Union([Instant, Type.Null()]),
})
export type SnapshotGrant = Static<typeof SnapshotGrant>

export const Snapshot = Type.Object({
  revision: Type.Integer({ minimum: 0 }),
  principals: Type.Array(SnapshotPrincipal),
  databases: Type.Array(SnapshotDatabase),
  grants: Type.Array(SnapshotGrant),
  /** Absent in what an earlier version kept. */
  rules: Type.Optional(Type.Array(SnapshotRule)),
  bypasses: Type.Optional(Type.Array(SnapshotBypass)),
  masks: Type.Optional(Type.Array(SnapshotMask)),
  /** Of databases whose policy asks for it. */
  learnt: Type.Optional(Type.Array(SnapshotLearnt)),
})
export type Snapshot = Static<typeof Snapshot>
