// Puts the gateway together from its rooms, and takes it apart again.

import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { type DatabaseStatus, type GatewayStatus, Secret } from '@articdbm/contract'
import { linkToken, type MasterKey, parseMasterKey } from '@articdbm/credential'
import { loadGrammars } from '@articdbm/sql'
import { createAdmission } from './admit/create-admission.ts'
import { shipAudit, shipRest } from './audit/shipper.ts'
import { Spool } from './audit/spool.ts'
import { nowMs } from './clock.ts'
import type { Config } from './config.ts'
import type { Gateway, Log, WireDoor } from './gateway.ts'
import { createIdentity } from './identity/create-identity.ts'
import { ensureCertificate } from './listen/certificate.ts'
import { createDoorTls, type DoorTls } from './listen/door-tls.ts'
import { type Listener, listen } from './listen/listen.ts'
import { trustedProxies } from './listen/real-address.ts'
import { maskKeys } from './mask/mask-keys.ts'
import { createMysqlDoor } from './mysql/index.ts'
import { createObserver, type ObserverWithFigures } from './observe/create-observer.ts'
import { startHealthServer } from './observe/health-server.ts'
import { type NamedStatus, observePools } from './observe/pool-metrics.ts'
import { mergeStatuses, reportStatus } from './observe/report.ts'
import { createPools, type FollowingPools } from './pool/create-pools.ts'
import type { BackendConnection } from './pool/pool.ts'
import type { Protocol } from './pool/pools.ts'
import { sqliteDialer } from './pool/sqlite-dialer.ts'
import { createPostgresDoor } from './postgres/index.ts'
import { Positions } from './route/positions.ts'
import { Rosters } from './route/roster.ts'
import { SnapshotFollower } from './snapshot/follower.ts'
import { createManagerLink, type ManagerLink } from './snapshot/manager-link.ts'
import { createSqliteDatabases } from './sqlite/index.ts'
import { VERSION } from './version.ts'

const SEGMENT_BYTES = 8 * 1024 * 1024
const LAST_SHIPMENT_MS = 5_000
const MAX_PREPARED_PER_SESSION = 1_000

export interface RunningGateway {
  readonly ports: { readonly postgres: number; readonly mysql: number }
  /** Refuses new sessions, lets transactions finish, ships the audit, ends. */
  drain(): Promise<void>
}

export async function startGateway(config: Config, log: Log): Promise<RunningGateway> {
  mkdirSync(config.ARTICDBM_DATA_DIR, { recursive: true, mode: 0o700 })
  // Optimising the huge functions of PostgreSQL's grammar takes 400 MB for a while, and reads no statement faster.
  setFlagsFromString('--no-wasm-tier-up')
  setFlagsFromString('--no-wasm-dynamic-tiering')
  await loadGrammars()
  const parts = await createParts(config, log)
  const doors = openDoors(parts)
  observePools(parts.observer.registry, () => namedStatuses(parts))
  parts.follower.onSwap(({ snapshot }) => {
    for (const pools of parts.pools) pools.follow(snapshot.databases)
  })
  await parts.follower.startFromKept()
  const stopping = new AbortController()
  const work = startWork(parts, stopping.signal)
  const listeners = await openListeners(config, doors)
  const health = await startHealthServer({
    host: config.GATEWAY_HOST,
    port: config.METRICS_PORT,
    registry: parts.observer.registry,
    notReady: () => notReady(parts),
  })
  return {
    ports: { postgres: listeners[0].port, mysql: listeners[1].port },
    drain: async () => {
      parts.draining.abort()
      await drainListeners(listeners, config.DRAIN_TIMEOUT_MS)
      await Promise.all(doors.map((door) => door.close()))
      stopping.abort()
      await Promise.all(work)
      await shipLast(parts)
      await Promise.all([...parts.pools.map((pools) => pools.close()), parts.sqliteFiles.close()])
      parts.spool.close()
      await health.close()
    },
  }
}

interface Parts {
  readonly config: Config
  readonly log: Log
  readonly master: MasterKey
  readonly link: ManagerLink
  readonly spool: Spool
  readonly follower: SnapshotFollower
  readonly observer: ObserverWithFigures
  readonly tls: DoorTls
  readonly draining: AbortController
  readonly rosters: Rosters
  readonly pools: FollowingPools<BackendConnection>[]
  readonly sqliteFiles: ReturnType<typeof createSqliteDatabases>
  readonly startedAt: string
}

async function createParts(config: Config, log: Log): Promise<Parts> {
  const master = await readMasterKey(config)
  const gateway = config.GATEWAY_NAME
  const token = new Secret(linkToken(master))
  const link = createManagerLink({ managerUrl: config.MANAGER_URL, gateway, token })
  const directory = join(config.ARTICDBM_DATA_DIR, gateway)
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  return {
    config,
    log,
    master,
    link,
    spool: new Spool({
      directory: join(directory, 'audit'),
      maxSegmentBytes: SEGMENT_BYTES,
      maxBytes: config.AUDIT_MAX_BYTES,
      durability: config.AUDIT_DURABILITY,
    }),
    follower: new SnapshotFollower({ link, path: join(directory, 'snapshot.sealed'), master, log }),
    observer: createObserver(),
    tls: await doorTls(config, directory),
    draining: new AbortController(),
    rosters: new Rosters({ nowMs, random: Math.random }),
    pools: [],
    sqliteFiles: createSqliteDatabases(),
    startedAt: new Date().toISOString(),
  }
}

async function readMasterKey(config: Config): Promise<MasterKey> {
  const { ARTICDBM_MASTER_KEY: text, ARTICDBM_MASTER_KEY_FILE: file } = config
  if (text !== undefined) return parseMasterKey(text)
  if (file !== undefined) return parseMasterKey(await readFile(file, 'utf8'))
  throw new Error('configuration:\n  set ARTICDBM_MASTER_KEY or ARTICDBM_MASTER_KEY_FILE')
}

async function doorTls(config: Config, directory: string): Promise<DoorTls> {
  const { DOOR_CERTIFICATE_FILE: certificate, DOOR_KEY_FILE: key, DOOR_CLIENT_CA_FILE: ca } = config
  const isGiven = certificate !== undefined && key !== undefined
  const files = isGiven ? { certificate, key } : await ensureCertificate(join(directory, 'tls'))
  return createDoorTls(files, ca)
}

function openDoors(parts: Parts): readonly [WireDoor, WireDoor] {
  const gateway = createGateway(parts)
  const { POSTGRES_DOOR_VERSION, MYSQL_DOOR_VERSION } = parts.config
  return [
    createPostgresDoor(gateway, POSTGRES_DOOR_VERSION),
    createMysqlDoor(gateway, MYSQL_DOOR_VERSION),
  ]
}

function createGateway(parts: Parts): Gateway {
  const { config, follower, observer, spool, master, log } = parts
  const gateway = config.GATEWAY_NAME
  const directory = () => follower.directory
  const createDoorPools = <C extends BackendConnection>(protocol: Protocol<C>) => {
    const { sessionsOf, routed } = observer
    const { rosters } = parts
    const pools = createPools({ ...protocol, master, sessionsOf, rosters, routed })
    parts.pools.push(pools)
    return pools
  }
  return {
    identity: createIdentity({
      master,
      gateway,
      directory,
      reached: (revision, timeoutMs) => follower.reached(revision, timeoutMs),
      record: (event) => spool.append([event]),
      loginRefused: observer.loginRefused,
      demandsCertificate: config.DOOR_CLIENT_CERTIFICATES === 'required',
      nowMs: Date.now,
    }),
    admission: createAdmission({
      gateway,
      directory,
      record: (lines, recorded) => spool.record(lines, recorded),
      note: (lines, recorded) => spool.note(lines, recorded),
      observer,
      log,
      maskKey: maskKeys(master),
      nowMs: Date.now,
    }),
    observer,
    limits: limitsOf(config),
    tls: parts.tls,
    database: (id) => directory()?.database(id),
    principal: (id) => directory()?.principal(id),
    positions: new Positions({ master, rosters: parts.rosters }),
    createPools: createDoorPools,
    sqlite: createDoorPools({ dial: sqliteDialer(parts.sqliteFiles), engines: ['sqlite'] }),
    draining: parts.draining.signal,
    log,
  }
}

function limitsOf(config: Config): Gateway['limits'] {
  return {
    maxFrameBytes: config.MAX_FRAME_BYTES,
    maxRequestBytes: config.MAX_REQUEST_BYTES,
    loginTimeoutMs: config.LOGIN_TIMEOUT_MS,
    stallTimeoutMs: config.STALL_TIMEOUT_MS,
    maxPreparedPerSession: MAX_PREPARED_PER_SESSION,
  }
}

function startWork(parts: Parts, signal: AbortSignal): readonly Promise<void>[] {
  const { follower, spool, link, log } = parts
  return [
    follower.follow(signal),
    shipAudit({ spool, send: link.sendAudit, log }, signal),
    reportStatus(() => statusOf(parts), link.sendStatus, signal),
  ]
}

async function openListeners(
  config: Config,
  doors: readonly [WireDoor, WireDoor],
): Promise<readonly [Listener, Listener]> {
  const { GATEWAY_HOST: host, MAX_SESSIONS: maxSessions } = config
  const from = trustedProxies(config.PROXY_PROTOCOL_FROM)
  const common = { host, maxSessions, proxies: { from, timeoutMs: config.LOGIN_TIMEOUT_MS } }
  return Promise.all([
    listen({ ...common, port: config.POSTGRES_DOOR_PORT, door: doors[0] }),
    listen({ ...common, port: config.MYSQL_DOOR_PORT, door: doors[1] }),
  ])
}

function statusOf(parts: Parts): GatewayStatus {
  const { config, observer, follower, spool, startedAt, draining } = parts
  return {
    gateway: config.GATEWAY_NAME,
    at: new Date().toISOString(),
    startedAt,
    version: VERSION,
    revision: follower.directory?.revision ?? 0,
    isDraining: draining.signal.aborted,
    ...observer.totals,
    ...observer.takeLatencies(),
    auditBacklog: spool.backlog,
    databases: databaseStatuses(parts),
  }
}

function databaseStatuses({ pools }: Parts): DatabaseStatus[] {
  return mergeStatuses(pools.flatMap((one) => one.status()))
}

/** What metrics call a database. */
function namedStatuses(parts: Parts): NamedStatus[] {
  return databaseStatuses(parts).flatMap((status) => {
    const name = parts.follower.directory?.database(status.databaseId)?.name
    return name === undefined ? [] : [{ name, status }]
  })
}

function notReady(parts: Parts): string | undefined {
  if (parts.draining.signal.aborted) return 'draining'
  return parts.follower.directory ? undefined : 'no configuration yet: waiting for the manager'
}

async function drainListeners(listeners: readonly Listener[], timeoutMs: number): Promise<void> {
  const deadline = setTimeout(() => {
    for (const listener of listeners) listener.destroy()
  }, timeoutMs)
  await Promise.all(listeners.map((listener) => listener.close()))
  clearTimeout(deadline)
}

/** What the manager doesn't take now waits on disk for the next start. */
async function shipLast({ spool, link, log }: Parts): Promise<void> {
  const signal = AbortSignal.timeout(LAST_SHIPMENT_MS)
  await shipRest({ spool, send: link.sendAudit, log }, signal).catch((error: unknown) => {
    log.warn({ err: error }, 'the last audit events wait on disk for the next start')
  })
}
