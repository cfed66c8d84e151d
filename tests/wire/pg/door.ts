// A PostgreSQL door with everything real behind it but the manager: its snapshot is made here.
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AuditEvent,
  DEFAULT_POLICY,
  DEFAULT_POOL,
  type Snapshot,
  type SnapshotDatabase,
  type StatementEnded,
  type StatementRecorded,
} from '@articdbm/contract'
import { deriveVerifier, parseMasterKey, seal } from '@articdbm/credential'
import { loadGrammars } from '@articdbm/sql'
import { createAdmission } from '../../../gateway/src/admit/create-admission.ts'
import type { Gateway, GatewayLimits } from '../../../gateway/src/gateway.ts'
import { createIdentity } from '../../../gateway/src/identity/create-identity.ts'
import { ensureCertificate, secureContext } from '../../../gateway/src/listen/certificate.ts'
import { type Listener, listen } from '../../../gateway/src/listen/listen.ts'
import { createObserver } from '../../../gateway/src/observe/create-observer.ts'
import { createPools } from '../../../gateway/src/pool/create-pools.ts'
import type { BackendConnection } from '../../../gateway/src/pool/pool.ts'
import type { Dialer } from '../../../gateway/src/pool/pools.ts'
import { sqliteDialer } from '../../../gateway/src/pool/sqlite-dialer.ts'
import { createPostgresDoor } from '../../../gateway/src/postgres/index.ts'
import { Directory } from '../../../gateway/src/snapshot/directory.ts'
import { createSqliteDatabases } from '../../../gateway/src/sqlite/index.ts'
import { createMemoryAudit } from '../../support/memory-audit.ts'

const MASTER = parseMasterKey(Buffer.alloc(32, 7).toString('base64'))
export const PASSWORD = 'correct horse battery'
export const BACKEND_URL = process.env.TEST_POSTGRES_URL

export interface TestDoor {
  readonly port: number
  readonly url: (user?: string, database?: string) => string
  readonly events: readonly AuditEvent[]
  recorded(): readonly StatementRecorded[]
  endings(): readonly StatementEnded[]
  drain(): void
  close(): Promise<void>
}

export interface DoorOptions {
  readonly limits?: Partial<GatewayLimits>
  readonly pool?: Partial<SnapshotDatabase['pool']>
  readonly sqliteFile?: string
  readonly backend?: { readonly host: string; readonly port: number }
  /** Of user `reader`: everything of user `ada` is granted. */
  readonly readable?: readonly string[]
}

const LIMITS: GatewayLimits = {
  maxFrameBytes: 16_777_216,
  maxRequestBytes: 33_554_432,
  loginTimeoutMs: 5_000,
  stallTimeoutMs: 20_000,
  maxPreparedPerSession: 1_000,
}

export async function openDoor(options: DoorOptions = {}): Promise<TestDoor> {
  await loadGrammars()
  const directory = new Directory(await snapshotOf(options))
  const folder = mkdtempSync(join(tmpdir(), 'articdbm-door-'))
  const events: AuditEvent[] = []
  const draining = new AbortController()
  const observer = createObserver()
  const files = createSqliteDatabases()
  const pools: { close(): Promise<void> }[] = []
  const open = <C extends BackendConnection>(dial: Dialer<C>) => {
    const made = createPools({ dial, engines: [], master: MASTER, sessionsOf: () => 0 })
    pools.push(made)
    return made
  }
  const append = async (batch: readonly AuditEvent[]) => void events.push(...batch)
  const lookUp = () => directory
  const silent = () => undefined
  const log = { info: silent, warn: silent, error: (facts: object) => console.error(facts) }
  const gateway: Gateway = {
    identity: createIdentity({
      master: MASTER,
      gateway: 'test',
      directory: lookUp,
      reached: async () => true,
      record: (event) => append([event]),
      loginRefused: observer.loginRefused,
      nowMs: Date.now,
    }),
    admission: createAdmission({
      gateway: 'test',
      directory: lookUp,
      ...createMemoryAudit(events),
      observer,
      log,
      nowMs: Date.now,
    }),
    observer,
    limits: { ...LIMITS, ...options.limits },
    tls: await secureContext(await ensureCertificate(folder)),
    database: (id) => directory.database(id),
    createPools: open,
    sqlite: open(sqliteDialer(files)),
    draining: draining.signal,
    log,
  }
  const door = createPostgresDoor(gateway)
  const listener: Listener = await listen({ host: '127.0.0.1', port: 0, maxSessions: 200, door })
  const { port } = listener
  return {
    port,
    url: (user = 'ada', database = 'shop') =>
      `postgresql://${user}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`,
    events,
    recorded: () => events.filter((event) => event.kind === 'statement.recorded'),
    endings: () => events.filter((event) => event.kind === 'statement.ended'),
    drain: () => draining.abort(),
    close: async () => {
      const closed = listener.close()
      await door.close()
      await closed
      await Promise.all(pools.map((one) => one.close()))
      await files.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function snapshotOf(options: DoorOptions): Promise<Snapshot> {
  const verifier = await deriveVerifier(PASSWORD, Buffer.alloc(16, 3))
  const principal = (id: string, name: string) =>
    ({ id, name, role: 'viewer', verifier, isActive: true, validUntil: null }) as const
  const grant = {
    schema: '*',
    table: '*',
    actions: ['read', 'write', 'admin'],
    validUntil: null,
  } as const
  const readable = (options.readable ?? []).map((table, at) => ({
    id: `r${at}`,
    principalId: 'p2',
    databaseId: 'shop',
    schema: '',
    table,
    actions: ['read' as const],
    validUntil: null,
  }))
  return {
    revision: 1,
    principals: [principal('p1', 'ada'), principal('p2', 'reader')],
    databases: [postgresDatabase(options), sqliteDatabase(options)],
    grants: [
      { id: 'g1', principalId: 'p1', databaseId: 'shop', ...grant, actions: [...grant.actions] },
      { id: 'g2', principalId: 'p1', databaseId: 'files', ...grant, actions: [...grant.actions] },
      ...readable,
    ],
  }
}

function postgresDatabase(options: DoorOptions): SnapshotDatabase {
  const url = new URL(BACKEND_URL ?? 'postgresql://nobody:nothing@127.0.0.1:1/none')
  const { host, port } = options.backend ?? { host: url.hostname, port: Number(url.port) }
  const { username: user, password } = url
  return {
    id: 'shop',
    name: 'shop',
    engine: 'postgres',
    target: url.pathname.slice(1),
    defaultSchema: 'public',
    backends: [{ id: 'b1', host, port, role: 'primary', weight: 1, tls: 'prefer' }],
    credential: seal(
      MASTER,
      'backend-credential',
      JSON.stringify({ user, password }),
      Buffer.alloc(12, 5),
    ),
    pool: { ...DEFAULT_POOL, maxConnections: 5, warmupRatio: 0, ...options.pool },
    policy: { ...DEFAULT_POLICY, sqlInjectionDetection: false },
  }
}

function sqliteDatabase({ sqliteFile, pool }: DoorOptions): SnapshotDatabase {
  return {
    id: 'files',
    name: 'files',
    engine: 'sqlite',
    target: sqliteFile ?? '/nonexistent.sqlite',
    defaultSchema: 'main',
    backends: [
      { id: 'f1', host: 'localhost', port: 1, role: 'primary', weight: 1, tls: 'disable' },
    ],
    credential: null,
    pool: { ...DEFAULT_POOL, maxConnections: 3, warmupRatio: 0, ...pool },
    policy: { ...DEFAULT_POLICY, sqlInjectionDetection: false },
  }
}

/** A plain socket to the door, for bytes that no driver would send. */
export function rawSocket(door: TestDoor): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port: door.port, noDelay: true })
    socket.once('connect', () => resolve(socket))
    socket.once('error', reject)
  })
}
