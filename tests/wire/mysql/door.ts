// A MySQL door with the gateway's real judge, identity and pools, over a snapshot held in memory.
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AuditEvent,
  DEFAULT_POLICY,
  DEFAULT_POOL,
  type Snapshot,
  type SnapshotDatabase,
  type SnapshotGrant,
  type TlsMode,
} from '@articdbm/contract'
import { deriveVerifier, type MasterKey, seal } from '@articdbm/credential'
import { loadGrammars } from '@articdbm/sql'
import { createAdmission } from '../../../gateway/src/admit/create-admission.ts'
import type { Gateway } from '../../../gateway/src/gateway.ts'
import { createIdentity } from '../../../gateway/src/identity/create-identity.ts'
import { ensureCertificate, secureContext } from '../../../gateway/src/listen/certificate.ts'
import { listen } from '../../../gateway/src/listen/listen.ts'
import { createMysqlDoor } from '../../../gateway/src/mysql/index.ts'
import { createObserver } from '../../../gateway/src/observe/create-observer.ts'
import { createPools } from '../../../gateway/src/pool/create-pools.ts'
import { sqliteDialer } from '../../../gateway/src/pool/sqlite-dialer.ts'
import { Directory } from '../../../gateway/src/snapshot/directory.ts'
import { createSqliteDatabases } from '../../../gateway/src/sqlite/index.ts'
import { createMemoryAudit } from '../../support/memory-audit.ts'

export interface DoorOptions {
  /** A MariaDB or MySQL server, as mysql://user:password@host:port/schema. */
  readonly backendUrl?: string
  readonly backendTls?: TlsMode
  readonly sqliteFile?: string
  readonly maxConnections?: number
  readonly limits?: Partial<Gateway['limits']>
}

export interface TestDoor {
  readonly port: number
  readonly events: readonly AuditEvent[]
  /** What was recorded of statements, in order: text and verdict. */
  statements(): readonly string[]
  drain(): void
  close(): Promise<void>
}

export const PASSWORD = 'correct horse battery staple'

/** `ann` may do everything; `bob` may read the table `open_table` alone. */
export async function openDoor(options: DoorOptions): Promise<TestDoor> {
  await loadGrammars()
  const master: MasterKey = randomBytes(32)
  const directory = new Directory(await snapshotOf(options, master))
  const events: AuditEvent[] = []
  const observer = createObserver()
  const draining = new AbortController()
  const files = createSqliteDatabases()
  const failures: string[] = []
  const log = {
    info: () => {},
    warn: () => {},
    error: (facts: object, message: string) => {
      const { err } = facts as { err?: Error }
      failures.push(`${message}: ${err?.stack}`)
      console.error(message, facts)
    },
  }
  const append = (added: readonly AuditEvent[]) => {
    events.push(...added)
    return Promise.resolve()
  }
  const common = { gateway: 'test', directory: () => directory, nowMs: Date.now }
  const poolsOf: Gateway['createPools'] = (dial, engines = []) =>
    createPools({ dial, engines, master, sessionsOf: observer.sessionsOf })
  const sqlite = poolsOf(sqliteDialer(files), ['sqlite'])
  const gateway: Gateway = {
    identity: createIdentity({
      ...common,
      master,
      reached: () => Promise.resolve(true),
      record: (event) => append([event]),
      loginRefused: () => observer.loginRefused(),
    }),
    admission: createAdmission({ ...common, ...createMemoryAudit(events), observer, log }),
    observer,
    limits: {
      ...{ maxFrameBytes: 16_777_216, maxRequestBytes: 33_554_432, loginTimeoutMs: 5_000 },
      ...{ stallTimeoutMs: 5_000, maxPreparedPerSession: 100 },
      ...options.limits,
    },
    tls: await secureContext(await ensureCertificate(mkdtempSync(join(tmpdir(), 'mysql-door-')))),
    database: (id) => directory.database(id),
    createPools: poolsOf,
    sqlite,
    draining: draining.signal,
    log,
  }
  const door = createMysqlDoor(gateway)
  const listener = await listen({ host: '127.0.0.1', port: 0, maxSessions: 200, door })
  return {
    port: listener.port,
    events,
    statements: () =>
      events.flatMap((event) =>
        event.kind === 'statement.recorded' ? [`${event.verdict}: ${event.sql}`] : [],
      ),
    drain: () => draining.abort(),
    close: async () => {
      await door.close()
      listener.destroy()
      await listener.close()
      await sqlite.close()
      await files.close()
      if (failures.length > 0) throw new Error(`the gateway logged errors:\n${failures.join('\n')}`)
    },
  }
}

async function snapshotOf(options: DoorOptions, master: MasterKey): Promise<Snapshot> {
  const databases = [mariadb(options, master), sqliteOf(options)].filter((one) => one !== undefined)
  const person = async (id: string) => ({
    ...{ id, name: id, role: 'viewer' as const, isActive: true, validUntil: null },
    verifier: await deriveVerifier(PASSWORD, randomBytes(16)),
  })
  const grants: SnapshotGrant[] = databases.flatMap(({ id }) => [
    {
      ...{ id: `ann-${id}`, principalId: 'ann', databaseId: id, schema: '*', table: '*' },
      ...{ actions: ['read', 'write', 'admin'], validUntil: null },
    },
    {
      ...{ id: `bob-${id}`, principalId: 'bob', databaseId: id, schema: '', table: 'open_table' },
      ...{ actions: ['read'], validUntil: null },
    },
  ])
  const principals = await Promise.all([person('ann'), person('bob'), person('eve')])
  return { revision: 1, principals, databases, grants }
}

function mariadb(options: DoorOptions, master: MasterKey) {
  const { backendUrl, backendTls, maxConnections } = options
  if (backendUrl === undefined) return undefined
  const url = new URL(backendUrl)
  const credential = JSON.stringify({
    user: url.username,
    password: decodeURIComponent(url.password),
  })
  const target = url.pathname.slice(1)
  const backend = { id: 'b', host: url.hostname, port: Number(url.port), weight: 1 }
  const database: SnapshotDatabase = {
    ...{ id: 'maria-id', name: 'maria', engine: 'mariadb', target, defaultSchema: target },
    backends: [{ ...backend, role: 'primary', tls: backendTls ?? 'prefer' }],
    credential: seal(master, 'backend-credential', credential, randomBytes(12)),
    pool: { ...DEFAULT_POOL, warmupRatio: 0.1, maxConnections: maxConnections ?? 10 },
    policy: DEFAULT_POLICY,
  }
  return database
}

function sqliteOf({ sqliteFile }: DoorOptions): SnapshotDatabase | undefined {
  if (sqliteFile === undefined) return undefined
  return {
    ...{ id: 'lite-id', name: 'lite', engine: 'sqlite', target: sqliteFile, defaultSchema: 'main' },
    backends: [{ id: 's', host: 'localhost', port: 1, role: 'primary', weight: 1, tls: 'disable' }],
    credential: null,
    pool: { ...DEFAULT_POOL, warmupRatio: 0 },
    policy: DEFAULT_POLICY,
  }
}
