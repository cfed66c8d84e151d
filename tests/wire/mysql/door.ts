// A MySQL door with everything real behind it but the manager: its snapshot is made here.
import { randomBytes } from 'node:crypto'
import {
  DEFAULT_POLICY,
  DEFAULT_POOL,
  type Policy,
  Secret,
  type Snapshot,
  type SnapshotDatabase,
  type SnapshotGrant,
  type TlsMode,
} from '@articdbm/contract'
import { deriveVerifier, type MasterKey, seal } from '@articdbm/credential'
import type { Gateway, GatewayLimits } from '../../../gateway/src/gateway.ts'
import { createMysqlDoor } from '../../../gateway/src/mysql/index.ts'
import type { DialTarget } from '../../../gateway/src/pool/pools.ts'
import { type GatewayOptions, type OpenGateway, openGateway } from '../../support/gateway.ts'

export interface DoorOptions {
  /** A MariaDB or MySQL server, as mysql://user:password@host:port/schema. */
  readonly backendUrl?: string
  readonly backendTls?: TlsMode
  readonly sqliteFile?: string
  readonly maxConnections?: number
  /** Switched off: every statement leases its connection. */
  readonly lanes?: boolean
  readonly policy?: Partial<Policy>
  readonly serverVersion?: string
  readonly limits?: Partial<GatewayLimits>
  readonly audit?: GatewayOptions['audit']
  readonly auditFault?: GatewayOptions['auditFault']
  /** From whom a PROXY header comes first. */
  readonly proxies?: GatewayOptions['proxies']
}

export interface TestDoor extends OpenGateway {
  /** What was recorded of statements, in order: text and verdict. */
  statements(): readonly string[]
}

export const PASSWORD = 'correct horse battery staple'

/** `ann` may do everything; `bob` may read the table `open_table` alone, `ben` all tables. */
export async function openDoor(options: DoorOptions): Promise<TestDoor> {
  const master: MasterKey = randomBytes(32)
  const snapshot = await snapshotOf(options, master)
  const { limits, audit, auditFault, proxies, serverVersion = '8.0.36-ArticDBM' } = options
  const createDoor = (gateway: Gateway) => createMysqlDoor(gateway, serverVersion)
  const gateway = await openGateway({
    ...{ snapshot, master, limits, createDoor },
    ...(audit && { audit }),
    ...(auditFault && { auditFault }),
    ...(proxies && { proxies }),
  })
  return {
    ...gateway,
    statements: () =>
      gateway.events.flatMap((event) =>
        event.kind === 'statement.recorded' ? [`${event.verdict}: ${event.sql}`] : [],
      ),
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
    {
      ...{ id: `ben-${id}`, principalId: 'ben', databaseId: id, schema: '*', table: '*' },
      ...{ actions: ['read'], validUntil: null },
    },
  ])
  const principals = await Promise.all([person('ann'), person('bob'), person('ben'), person('eve')])
  return { revision: 1, principals, databases, grants }
}

/** The same backend, without a door before it. */
export function dialTarget(backendUrl: string): DialTarget {
  const database = mariadb({ backendUrl }, randomBytes(32))
  const [backend] = database?.backends ?? []
  if (!database || !backend) throw new Error('a database without a backend')
  const { username, password } = new URL(backendUrl)
  return { database, backend, user: username, password: new Secret(decodeURIComponent(password)) }
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
    pool: {
      ...{ ...DEFAULT_POOL, warmupRatio: 0.1, maxConnections: maxConnections ?? 10 },
      lanes: options.lanes ?? true,
    },
    policy: { ...DEFAULT_POLICY, ...options.policy },
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
