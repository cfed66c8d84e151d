// How the whole is.
import { type Static, Type } from 'typebox'
import { GatewayStatus } from '../status.ts'
import { DatabaseName, Engine, Instant } from '../vocabulary.ts'

export const GatewayView = Type.Object(
  {
    ...GatewayStatus.properties,
    /** It spoke within the last ten seconds. */
    isFresh: Type.Boolean(),
  },
  { title: 'Gateway' },
)
export type GatewayView = Static<typeof GatewayView>

export const DatabaseHealth = Type.Object(
  {
    id: Type.String(),
    name: DatabaseName,
    engine: Engine,
    /** The best that any fresh gateway says. */
    state: Type.Union([Type.Literal('up'), Type.Literal('down'), Type.Literal('unknown')]),
    message: Type.String(),
    sessions: Type.Integer(),
    open: Type.Integer(),
    idle: Type.Integer(),
    leased: Type.Integer(),
    waiting: Type.Integer(),
    maxConnections: Type.Integer(),
  },
  { title: 'DatabaseHealth' },
)
export type DatabaseHealth = Static<typeof DatabaseHealth>

export const SystemStatus = Type.Object(
  {
    version: Type.String(),
    startedAt: Instant,
    revision: Type.Integer(),
    store: Type.Object({ engine: Type.String(), isAnswering: Type.Boolean() }),
    gateways: Type.Array(GatewayView),
    databases: Type.Array(DatabaseHealth),
    /** What clients connect to, as `host:port`; null where that door isn't configured. */
    doors: Type.Object({
      postgres: Type.Union([Type.String(), Type.Null()]),
      mysql: Type.Union([Type.String(), Type.Null()]),
    }),
  },
  { title: 'SystemStatus' },
)
export type SystemStatus = Static<typeof SystemStatus>

export const Health = Type.Object({ state: Type.Literal('ok') }, { title: 'Health' })
export type Health = Static<typeof Health>
