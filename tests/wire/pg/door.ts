// A PostgreSQL door with everything real behind it but the manager: its snapshot is made here.
import { connect, type Socket } from 'node:net'
import {
  DEFAULT_POLICY,
  DEFAULT_POOL,
  type Snapshot,
  type SnapshotDatabase,
  type StatementEnded,
  type StatementRecorded,
} from '@articdbm/contract'
import { deriveVerifier, parseMasterKey, seal } from '@articdbm/credential'
import type { Gateway } from '../../../gateway/src/gateway.ts'
import { createPostgresDoor } from '../../../gateway/src/postgres/index.ts'
import { type GatewayOptions, type OpenGateway, openGateway } from '../../support/gateway.ts'

const MASTER = parseMasterKey(Buffer.alloc(32, 7).toString('base64'))
export const PASSWORD = 'correct horse battery'
export const BACKEND_URL = process.env.TEST_POSTGRES_URL

export interface TestDoor extends OpenGateway {
  readonly url: (user?: string, database?: string) => string
  recorded(): readonly StatementRecorded[]
  endings(): readonly StatementEnded[]
}

export interface DoorOptions extends Omit<GatewayOptions, 'snapshot' | 'master' | 'createDoor'> {
  /** Another server than the common one. */
  readonly url?: string
  readonly backendTls?: SnapshotDatabase['backends'][number]['tls']
  readonly pool?: Partial<SnapshotDatabase['pool']>
  readonly sqliteFile?: string
  readonly version?: string
  readonly backend?: { readonly host: string; readonly port: number }
  /** Of user `reader`. To `ada` everything is granted, to `writer` everything but `admin`. */
  readonly readable?: readonly string[]
  /** The same of the SQLite file. */
  readonly readableInFile?: readonly string[]
}

export async function openDoor(options: DoorOptions = {}): Promise<TestDoor> {
  const snapshot = await snapshotOf(options)
  const createDoor = (gateway: Gateway) => createPostgresDoor(gateway, options.version)
  const gateway = await openGateway({ ...options, snapshot, master: MASTER, createDoor })
  const { port, events } = gateway
  return {
    ...gateway,
    url: (user = 'ada', database = 'shop') =>
      `postgresql://${user}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}/${database}`,
    recorded: () => events.filter((event) => event.kind === 'statement.recorded'),
    endings: () => events.filter((event) => event.kind === 'statement.ended'),
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
  const readable = (databaseId: string, tables: readonly string[] = []) =>
    tables.map((table, at) => ({
      id: `${databaseId}${at}`,
      principalId: 'p2',
      databaseId,
      schema: '',
      table,
      actions: ['read' as const],
      validUntil: null,
    }))
  return {
    revision: 1,
    principals: [principal('p1', 'ada'), principal('p2', 'reader'), principal('p3', 'writer')],
    databases: [postgresDatabase(options), sqliteDatabase(options)],
    grants: [
      { id: 'g1', principalId: 'p1', databaseId: 'shop', ...grant, actions: [...grant.actions] },
      { id: 'g2', principalId: 'p1', databaseId: 'files', ...grant, actions: [...grant.actions] },
      { id: 'g3', principalId: 'p3', databaseId: 'shop', ...grant, actions: ['read', 'write'] },
      ...readable('shop', options.readable),
      ...readable('files', options.readableInFile),
    ],
  }
}

function postgresDatabase(options: DoorOptions): SnapshotDatabase {
  const url = new URL(options.url ?? BACKEND_URL ?? 'postgresql://nobody:nothing@127.0.0.1:1/none')
  const { host, port } = options.backend ?? { host: url.hostname, port: Number(url.port) }
  const { username: user, password } = url
  return {
    id: 'shop',
    name: 'shop',
    engine: 'postgres',
    target: url.pathname.slice(1),
    defaultSchema: 'public',
    backends: [
      { id: 'b1', host, port, role: 'primary', weight: 1, tls: options.backendTls ?? 'prefer' },
    ],
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
