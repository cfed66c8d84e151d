// Databases, their backends, and who may do what in them.
import { type Static, Type } from 'typebox'
import { BackendRole, Policy, PoolMode, PoolSettings, Routing, TlsMode } from '../snapshot.ts'
import { BackendStatus, PinnedConnection } from '../status.ts'
import { Action, DatabaseName, Engine, Instant, UserName } from '../vocabulary.ts'
import { PageQuery } from './envelope.ts'

const STRICT = { additionalProperties: false } as const

const Host = Type.String({ minLength: 1, maxLength: 255, pattern: '^[A-Za-z0-9._:%-]+$' })
const Port = Type.Integer({ minimum: 1, maximum: 65_535 })
const Weight = Type.Integer({ minimum: 0, maximum: 1000 })
const Target = Type.String({ minLength: 1, maxLength: 1024 })

export const BackendCreation = Type.Object(
  {
    host: Host,
    port: Port,
    role: Type.Optional(BackendRole),
    weight: Type.Optional(Weight),
    tls: Type.Optional(TlsMode),
  },
  { ...STRICT, title: 'BackendCreation' },
)
export type BackendCreation = Static<typeof BackendCreation>

export const BackendView = Type.Object(
  {
    id: Type.String(),
    host: Type.String(),
    port: Port,
    role: BackendRole,
    weight: Weight,
    tls: TlsMode,
  },
  { title: 'Backend' },
)
export type BackendView = Static<typeof BackendView>

export const BackendCredential = Type.Object(
  {
    user: Type.String({ minLength: 1, maxLength: 128 }),
    password: Type.String({ maxLength: 1024 }),
  },
  { ...STRICT, title: 'BackendCredential' },
)
export type BackendCredential = Static<typeof BackendCredential>

const PoolChange = Type.Partial(PoolSettings, STRICT)
const RoutingChange = Type.Partial(Routing, STRICT)
const PolicyChange = Type.Partial(Policy, STRICT)

export const Database = Type.Object(
  {
    id: Type.String(),
    name: DatabaseName,
    engine: Engine,
    /** What the backend calls it: a PostgreSQL database, a MySQL schema, or the path of a SQLite file. */
    target: Type.String(),
    defaultSchema: Type.String(),
    /** Empty for a viewer, and for SQLite. */
    backends: Type.Array(BackendView),
    /** The credential itself is never shown. */
    hasCredential: Type.Boolean(),
    pool: PoolSettings,
    routing: Routing,
    policy: Policy,
    createdAt: Instant,
    updatedAt: Instant,
    version: Type.Integer(),
  },
  { title: 'Database' },
)
export type Database = Static<typeof Database>

export const DatabaseCreation = Type.Object(
  {
    name: DatabaseName,
    engine: Engine,
    /** Left out: the database's name. For SQLite it must be the file's path. */
    target: Type.Optional(Target),
    backends: Type.Optional(Type.Array(BackendCreation, { maxItems: 32 })),
    credential: Type.Optional(Type.Union([BackendCredential, Type.Null()])),
    pool: Type.Optional(PoolChange),
    routing: Type.Optional(RoutingChange),
    policy: Type.Optional(PolicyChange),
  },
  { ...STRICT, title: 'DatabaseCreation' },
)
export type DatabaseCreation = Static<typeof DatabaseCreation>

export const DatabaseChange = Type.Object(
  {
    target: Type.Optional(Target),
    /** Replaces all backends. */
    backends: Type.Optional(Type.Array(BackendCreation, { maxItems: 32 })),
    credential: Type.Optional(Type.Union([BackendCredential, Type.Null()])),
    pool: Type.Optional(PoolChange),
    routing: Type.Optional(RoutingChange),
    policy: Type.Optional(PolicyChange),
    version: Type.Optional(Type.Integer()),
  },
  { ...STRICT, minProperties: 1, title: 'DatabaseChange' },
)
export type DatabaseChange = Static<typeof DatabaseChange>

export const DatabaseQuery = Type.Object({
  ...PageQuery.properties,
  search: Type.Optional(Type.String({ maxLength: 100 })),
})
export type DatabaseQuery = Static<typeof DatabaseQuery>

/** How the connections to a database stand, gateway by gateway. */
export const DatabasePool = Type.Object(
  {
    mode: PoolMode,
    /** The gateways that reported within the last ten seconds. */
    gateways: Type.Array(
      Type.Object({
        gateway: Type.String(),
        backends: Type.Array(BackendStatus),
        /** At most 100 of them, the oldest first. */
        pinned: Type.Array(PinnedConnection),
      }),
    ),
  },
  { title: 'DatabasePool' },
)
export type DatabasePool = Static<typeof DatabasePool>

export const DatabaseTest = Type.Object(
  {
    isReachable: Type.Boolean(),
    /** Through the gateway's door and back; null when it failed. */
    latencyMs: Type.Union([Type.Number(), Type.Null()]),
    serverVersion: Type.Union([Type.String(), Type.Null()]),
    /** '' when all is well, else what the door or the backend said. */
    message: Type.String(),
  },
  { title: 'DatabaseTest' },
)
export type DatabaseTest = Static<typeof DatabaseTest>

const SchemaName = Type.String({ maxLength: 128 })
const TableName = Type.String({ minLength: 1, maxLength: 128 })

export const Grant = Type.Object(
  {
    id: Type.String(),
    user: UserName,
    database: DatabaseName,
    /** '' for the database's default schema, `*` for all. */
    schema: SchemaName,
    /** `*` for all. */
    table: TableName,
    actions: Type.Array(Action),
    validUntil: Type.Union([Instant, Type.Null()]),
    createdAt: Instant,
    createdBy: Type.String(),
  },
  { title: 'Grant' },
)
export type Grant = Static<typeof Grant>

export const GrantCreation = Type.Object(
  {
    user: UserName,
    database: DatabaseName,
    /** Left out: all where `table` is left out or `*`, else the database's default schema. */
    schema: Type.Optional(SchemaName),
    table: Type.Optional(TableName),
    actions: Type.Array(Action, { minItems: 1, maxItems: 3, uniqueItems: true }),
    validUntil: Type.Optional(Type.Union([Instant, Type.Null()])),
  },
  { ...STRICT, title: 'GrantCreation' },
)
export type GrantCreation = Static<typeof GrantCreation>

export const GrantQuery = Type.Object({
  ...PageQuery.properties,
  user: Type.Optional(Type.String({ maxLength: 63 })),
  database: Type.Optional(Type.String({ maxLength: 63 })),
})
export type GrantQuery = Static<typeof GrantQuery>
