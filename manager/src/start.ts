// Puts the manager together. One AbortController ends everything that was started.

import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { loadGrammars } from '@articdbm/sql'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import { createAudit } from './audit/audit.ts'
import type { Base } from './base.ts'
import type { Config } from './config.ts'
import { createConsole } from './console/console.ts'
import { createDatabases } from './databases/databases.ts'
import { createBypasses } from './firewall/bypasses.ts'
import { createRules } from './firewall/rules.ts'
import { createSimulation } from './firewall/simulation.ts'
import { createGrants } from './grants/grants.ts'
import { createLimits } from './http/token-bucket.ts'
import { createAccessTokens } from './identity/access-token.ts'
import { createApiKeys } from './identity/api-keys.ts'
import { createLogins } from './identity/logins.ts'
import { createPasswords } from './identity/passwords.ts'
import { createUsers } from './identity/users.ts'
import { createLearning } from './learning/learning.ts'
import { LiveHub } from './live/hub.ts'
import { liveSocket } from './live/live-socket.ts'
import { followTraffic } from './live/traffic.ts'
import { createMasks } from './masks/masks.ts'
import type { Services } from './parts.ts'
import { Followers } from './publish/followers.ts'
import { createPublisher } from './publish/publisher.ts'
import { createServer } from './server.ts'
import { createSqlFiles } from './sql-files/sql-files.ts'
import { createMetrics } from './status/metrics.ts'
import { createStatus } from './status/status.ts'
import { migrate, openStore, type Store, type StoreConfig } from './store/index.ts'
import { startUpkeep } from './upkeep.ts'
import { readVersion } from './version.ts'

export interface RunningManager {
  readonly address: string
  readonly port: number
  /** Refuses new work, ends sockets and polls, closes the store. */
  close(): Promise<void>
}

export async function startManager(
  config: Config,
  log: FastifyBaseLogger,
): Promise<RunningManager> {
  // Optimising the huge functions of PostgreSQL's grammar takes 400 MB for a while, and reads no statement faster.
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
  await loadGrammars()
  const stopping = new AbortController()
  const store = await preparedStore(config.store)
  const manager = await assemble({ config, log, store, stopping: stopping.signal })
  const address = await manager.app.listen({ host: config.host, port: config.port })
  log.info({ address, store: store.type }, 'the manager listens')
  return {
    address,
    port: portOf(manager.app),
    close: async () => {
      stopping.abort()
      await manager.app.close()
      await manager.following
      await manager.sqlFiles.settled()
      await store.close()
    },
  }
}

async function preparedStore(config: StoreConfig): Promise<Store> {
  if (config.type === 'sqlite' && config.path !== ':memory:') {
    mkdirSync(dirname(config.path), { recursive: true, mode: 0o700 })
  }
  const store = openStore(config)
  await migrate(store)
  return store
}

interface Ingredients {
  readonly config: Config
  readonly log: FastifyBaseLogger
  readonly store: Store
  readonly stopping: AbortSignal
}

async function assemble(ingredients: Ingredients) {
  const { config, log, store, stopping } = ingredients
  const hub = new LiveHub(stopping)
  const followers = new Followers()
  const now = (): Date => new Date()
  const base: Base = {
    store,
    master: config.master,
    now,
    log,
    announce: (area) => {
      hub.changed(area, now())
      if (area !== 'gateways') refreshSoon()
    },
    inForce: (revision) => followers.reach(revision),
  }
  const publisher = createPublisher(base, () => {
    for (const area of ['users', 'databases', 'grants', 'firewall'] as const)
      hub.changed(area, now())
  })
  const refreshSoon = (): void => {
    publisher
      .refresh()
      .catch((fault) => log.warn({ err: fault }, 'the revision could not be read: tried again'))
  }
  const metrics = createMetrics(publisher.revision)
  const services = createServices({ ...ingredients, base, hub, publisher, metrics })
  const app = await createServer({
    config,
    version: readVersion(),
    log,
    metrics,
    services,
    internal: { ...services, master: config.master, publisher, followers, stopping },
    sockets: (routes) => {
      const admission = { logins: services.logins, webOrigins: config.webOrigins, stopping }
      liveSocket(routes, { ...admission, hub, metrics })
      services.console.socket(routes, { ...admission, metrics })
    },
  })
  followTraffic(base, hub, stopping)
  startUpkeep(base, { owner: randomUUID(), ...config }, stopping)
  return { app, sqlFiles: services.sqlFiles, following: publisher.follow(stopping) }
}

interface ServiceParts extends Ingredients {
  readonly base: Base
  readonly hub: LiveHub
  readonly publisher: ReturnType<typeof createPublisher>
  readonly metrics: ReturnType<typeof createMetrics>
}

function createServices({ base, config, hub, publisher, metrics, stopping }: ServiceParts) {
  const passwords = createPasswords(config.master, config.passwordCost)
  const accessTokens = createAccessTokens(config.master, base.now)
  const console = createConsole({ base, doors: config.doors, publisher })
  const databases = createDatabases(base, console.test)
  const services: Services = {
    users: createUsers({ base, passwords }),
    logins: createLogins({ base, passwords, accessTokens }),
    apiKeys: createApiKeys(base),
    databases,
    grants: createGrants(base),
    rules: createRules(base, createSimulation(base)),
    bypasses: createBypasses(base),
    masks: createMasks(base),
    learning: createLearning(base),
    audit: createAudit(base, (taken, batch) => {
      metrics.auditTaken(batch.events.length)
      hub.recorded(taken.ids, batch)
    }),
    queries: console.queries,
    sqlFiles: createSqlFiles({ base, doors: config.doors, publisher, stopping }, databases),
    status: createStatus({ base, version: readVersion(), doors: config.doors, stopping }),
    limits: createLimits(() => base.now().getTime()),
  }
  return { ...services, console }
}

function portOf(app: FastifyInstance): number {
  const address = app.server.address()
  return typeof address === 'object' && address ? address.port : 0
}
