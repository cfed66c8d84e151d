// How the whole is.
import { type Static, Type } from 'typebox'
import { DatabaseStatus, GatewayStatus } from '../status.ts'
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

const { databaseId: _, ...figures } = DatabaseStatus.properties

/** State and message are the best that any fresh gateway says. */
export const DatabaseHealth = Type.Object(
  {
    id: Type.String(),
    name: DatabaseName,
    engine: Engine,
    ...figures,
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
