// One door with the gateway's real judge, identity and pools behind it, over a snapshot held in memory.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AuditEvent, Snapshot } from '@articdbm/contract'
import type { MasterKey } from '@articdbm/credential'
import { loadGrammars } from '@articdbm/sql'
import { createAdmission } from '../../gateway/src/admit/create-admission.ts'
import { nowMs } from '../../gateway/src/clock.ts'
import type { Gateway, GatewayLimits, Log, WireDoor } from '../../gateway/src/gateway.ts'
import { createIdentity } from '../../gateway/src/identity/create-identity.ts'
import { ensureCertificate } from '../../gateway/src/listen/certificate.ts'
import { createDoorTls, type DoorTls } from '../../gateway/src/listen/door-tls.ts'
import { type ListenOptions, listen } from '../../gateway/src/listen/listen.ts'
import { createObserver } from '../../gateway/src/observe/create-observer.ts'
import { createPools } from '../../gateway/src/pool/create-pools.ts'
import { sqliteDialer } from '../../gateway/src/pool/sqlite-dialer.ts'
import { Positions } from '../../gateway/src/route/positions.ts'
import { Rosters } from '../../gateway/src/route/roster.ts'
import { Directory } from '../../gateway/src/snapshot/directory.ts'
import { createSqliteDatabases } from '../../gateway/src/sqlite/index.ts'
import { type AuditFault, createMemoryAudit } from './memory-audit.ts'

export interface GatewayOptions {
  readonly snapshot: Snapshot
  readonly master: MasterKey
  readonly createDoor: (gateway: Gateway) => WireDoor
  readonly limits?: Partial<GatewayLimits> | undefined
  readonly clientCaFile?: string
  readonly demandsCertificate?: boolean
  readonly proxies?: ListenOptions['proxies']
  readonly auditFault?: AuditFault
  /** Instead of the one that holds all it is told in memory. */
  readonly audit?: ReturnType<typeof createMemoryAudit>
}

export interface OpenGateway {
  readonly port: number
  /** What the audit was told, in order. */
  readonly events: readonly AuditEvent[]
  /** From now on people have these grants and no others. */
  grant(grants: Snapshot['grants']): void
  drain(): void
  /** Throws when the gateway logged an error: no test means to meet a bug. */
  close(): Promise<void>
}

const LIMITS: GatewayLimits = {
  maxFrameBytes: 16_777_216,
  maxRequestBytes: 33_554_432,
  loginTimeoutMs: 15_000,
  stallTimeoutMs: 20_000,
  maxPreparedPerSession: 1_000,
}

export async function openGateway(options: GatewayOptions): Promise<OpenGateway> {
  await loadGrammars()
  const folder = mkdtempSync(join(tmpdir(), 'articdbm-gateway-'))
  const tls = await createDoorTls(await ensureCertificate(folder), options.clientCaFile)
  const parts: Parts = {
    tls,
    events: [],
    files: createSqliteDatabases(),
    draining: new AbortController(),
    failures: [],
    directory: new Directory(options.snapshot),
  }
  const gateway = createGateway(options, parts)
  const door = options.createDoor(gateway)
  const { proxies } = options
  const place = { host: '127.0.0.1', port: 0, maxSessions: 200 }
  const listener = await listen({ ...place, door, ...(proxies && { proxies }) })
  return {
    port: listener.port,
    events: parts.events,
    grant: (grants) => {
      const { snapshot } = options
      parts.directory = new Directory({ ...snapshot, revision: snapshot.revision + 1, grants })
    },
    drain: () => parts.draining.abort(),
    close: async () => {
      const closed = listener.close()
      await door.close()
      await closed
      await gateway.sqlite.close()
      await parts.files.close()
      rmSync(folder, { recursive: true, force: true })
      assert.deepEqual(parts.failures, [], 'the gateway logged errors')
    },
  }
}

interface Parts {
  readonly tls: DoorTls
  readonly events: AuditEvent[]
  readonly files: ReturnType<typeof createSqliteDatabases>
  readonly draining: AbortController
  /** What the gateway logged as an error. */
  readonly failures: string[]
  directory: Directory
}

function createGateway(options: GatewayOptions, parts: Parts): Gateway {
  const { master, limits, demandsCertificate = false } = options
  const observer = createObserver()
  const log = createLog(parts)
  const maskKey = () => Buffer.alloc(32)
  const common = { gateway: 'test', directory: () => parts.directory, maskKey, nowMs: Date.now }
  const rosters = new Rosters({ nowMs, random: Math.random })
  const poolsOf: Gateway['createPools'] = (protocol) =>
    createPools({ ...protocol, master, rosters, sessionsOf: observer.sessionsOf })
  return {
    identity: createIdentity({
      ...common,
      master,
      reached: async () => true,
      record: async (event) => void parts.events.push(event),
      loginRefused: observer.loginRefused,
      demandsCertificate,
    }),
    admission: createAdmission({
      ...common,
      ...(options.audit ?? createMemoryAudit(parts.events, options.auditFault)),
      observer,
      log,
    }),
    observer,
    limits: { ...LIMITS, ...limits },
    tls: parts.tls,
    database: (id) => parts.directory.database(id),
    principal: (id) => parts.directory.principal(id),
    positions: new Positions({ master, rosters }),
    createPools: poolsOf,
    sqlite: poolsOf({ dial: sqliteDialer(parts.files), engines: ['sqlite'] }),
    draining: parts.draining.signal,
    log,
  }
}

function createLog({ failures }: Parts): Log {
  const silent = () => undefined
  return {
    info: silent,
    warn: silent,
    error: (facts, message) => {
      const { err } = facts as { readonly err?: Error }
      failures.push(`${message}: ${err?.stack}`)
      console.error(message, facts)
    },
  }
}
