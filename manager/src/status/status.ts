import {
  type DatabaseHealth,
  type DatabasePool,
  type DatabaseStatus,
  type Engine,
  type GatewayStatus,
  type GatewayView,
  NotReady,
  type SystemStatus,
} from '@articdbm/contract'
import type { Base } from '../base.ts'
import type { Config } from '../config.ts'
import { currentRevision } from '../store/index.ts'
import type { Status } from './services.ts'
import {
  databaseNames,
  type NamedDatabase,
  type SeenGateway,
  saveStatus,
  seenGateways,
} from './store.ts'

const FRESH_MS = 10_000

export interface StatusParts {
  readonly base: Base
  readonly version: string
  readonly doors: Config['doors']
  readonly stopping: AbortSignal
}

export function createStatus(parts: StatusParts): Status {
  const { base } = parts
  const startedAt = base.now().toISOString()
  const known = new Map<string, string>()
  return {
    take: async (status) => {
      await saveStatus(base.store.db, status, base.now().toISOString())
      if (isNews(known, status)) base.announce('gateways')
    },
    system: async () => ({ ...(await readSystem(parts)), startedAt }),
    assertReady: async () => {
      if (parts.stopping.aborted) throw new NotReady('the manager is shutting down')
      await base.store.ping()
    },
  }
}

/** A page need not be told each second that nothing has changed. */
function isNews(known: Map<string, string>, status: GatewayStatus): boolean {
  const states = status.databases.map(({ databaseId, state }) => `${databaseId} ${state}`)
  const digest = [status.isDraining, status.revision, ...states].join()
  const isSame = known.get(status.gateway) === digest
  known.set(status.gateway, digest)
  return !isSame
}

async function readSystem({
  base,
  version,
  doors,
}: StatusParts): Promise<Omit<SystemStatus, 'startedAt'>> {
  const nowMs = base.now().getTime()
  const { seen, names, revision } = await base.store.read(async (db) => ({
    seen: await seenGateways(db),
    names: await databaseNames(db),
    revision: await currentRevision(db),
  }))
  const gateways = seen.map((gateway) => present(gateway, nowMs))
  const fresh = gateways.filter(({ isFresh }) => isFresh)
  return {
    version,
    revision,
    store: { engine: base.store.type, isAnswering: true },
    gateways,
    databases: names.map((named) => healthOf(named, fresh)),
    doors: { postgres: address(doors.postgres), mysql: address(doors.mysql) },
  }
}

/** Backends and pinned statements are for those who may change databases: `poolsOf` tells them. */
function present({ status, seenAt }: SeenGateway, nowMs: number): GatewayView {
  const databases = status.databases.map(
    ({ backends: _backends, pinned: _pinned, ...rest }) => rest,
  )
  return { ...status, databases, isFresh: isFresh(seenAt, nowMs) }
}

function isFresh(seenAt: string, nowMs: number): boolean {
  return nowMs - new Date(seenAt).getTime() < FRESH_MS
}

/** What each gateway that spoke lately says of a database's backends. */
export async function poolsOf(base: Base, databaseId: string): Promise<DatabasePool['gateways']> {
  const nowMs = base.now().getTime()
  const seen = await base.store.read((db) => seenGateways(db))
  return seen
    .filter(({ seenAt }) => isFresh(seenAt, nowMs))
    .flatMap(({ status }) => {
      const own = status.databases.find((one) => one.databaseId === databaseId)
      if (!own) return []
      const { backends = [], pinned = [] } = own
      return [{ gateway: status.gateway, backends, pinned }]
    })
}

const BETTER = { up: 2, down: 1, unknown: 0 } as const

function healthOf({ id, name, engine }: NamedDatabase, gateways: readonly GatewayView[]) {
  const reports = gateways.flatMap(({ databases }) =>
    databases.filter(({ databaseId }) => databaseId === id),
  )
  const health: DatabaseHealth = {
    id,
    name,
    engine: engine as Engine,
    state: 'unknown',
    message: reports.length === 0 ? 'no gateway has reported on it' : '',
    sessions: 0,
    open: 0,
    idle: 0,
    leased: 0,
    waiting: 0,
    maxConnections: 0,
  }
  return reports.reduce(merge, health)
}

function merge(health: DatabaseHealth, report: DatabaseStatus): DatabaseHealth {
  const isBetter = BETTER[report.state] > BETTER[health.state]
  return {
    ...health,
    ...(isBetter ? { state: report.state, message: report.message } : {}),
    sessions: health.sessions + report.sessions,
    open: health.open + report.open,
    idle: health.idle + report.idle,
    leased: health.leased + report.leased,
    waiting: health.waiting + report.waiting,
    maxConnections: health.maxConnections + report.maxConnections,
  }
}

function address({ host, port }: { readonly host: string; readonly port: number }): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}
