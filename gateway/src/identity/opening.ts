import { randomUUID } from 'node:crypto'
import {
  AuthenticationFailed,
  CertificateRequired,
  type Door,
  dialectOf,
  type SnapshotDatabase,
  type SnapshotPrincipal,
  UnknownDatabase,
  WrongDoor,
} from '@articdbm/contract'
import type { TokenClaims } from '@articdbm/credential'
import type { SessionFacts } from '../session-facts.ts'
import { type Directory, isOpen } from '../snapshot/directory.ts'
import { type Found, shown } from './candidates.ts'
import type { Arrival } from './identity.ts'
import type { IdentityOptions } from './options.ts'
import type { SingleUse } from './single-use.ts'

/** Turns a proved candidate into a session; throws when this person may not open this database by this door. */
export function admit(
  found: Found,
  arrival: Arrival,
  options: IdentityOptions,
  used: SingleUse,
): SessionFacts {
  const { principal, claims } = found
  if (!principal || !isOpen(principal, options.nowMs())) {
    throw new AuthenticationFailed(shown(found.user))
  }
  if (claims) admitToken(claims, arrival, options, used)
  else admitCertificate(principal.name, arrival, options)
  const isProbe = claims?.scope === 'probe'
  const database = openDatabase(principal, { ...arrival, isProbe }, options.directory())
  return {
    id: randomUUID(),
    door: claims?.door ?? arrival.door,
    address: claims?.address ?? arrival.address,
    application: arrival.application,
    principal: { id: principal.id, name: principal.name, role: principal.role },
    databaseId: database.id,
    isProbe,
  }
}

function admitToken(
  claims: TokenClaims,
  arrival: Arrival,
  options: IdentityOptions,
  used: SingleUse,
): void {
  const nowMs = options.nowMs()
  const isFor = claims.database.toLowerCase() === arrival.database.toLowerCase()
  if (claims.validUntilMs <= nowMs || !isFor) throw new AuthenticationFailed('one-time token')
  if (!used.take(claims.nonce, claims.validUntilMs, nowMs)) {
    throw new AuthenticationFailed('one-time token')
  }
}

/** Tokens come from the manager, which shows no certificate of the person it speaks for. */
function admitCertificate(name: string, arrival: Arrival, options: IdentityOptions): void {
  const names = arrival.certificateNames
  const isMissing = names === undefined && options.demandsCertificate === true
  const isAnothers = names?.every((one) => one.toLowerCase() !== name.toLowerCase()) ?? false
  if (isMissing || isAnothers) throw new CertificateRequired(name)
}

/** A database that nothing grants looks the same as one that doesn't exist. */
export function openDatabase(
  principal: SnapshotPrincipal,
  wish: { readonly database: string; readonly door: Arrival['door']; readonly isProbe: boolean },
  directory: Directory | undefined,
): SnapshotDatabase {
  const database = directory?.databaseNamed(wish.database)
  if (!directory || !database) throw new UnknownDatabase(wish.database)
  const isGranted = wish.isProbe || directory.grants(principal.id, database.id).length > 0
  if (!isGranted) throw new UnknownDatabase(wish.database)
  refuseWrongDoor(database, wish.door)
  return database
}

/** The names of those that this person may open by this door. */
export function databasesOf(
  { id }: SnapshotPrincipal,
  door: Arrival['door'],
  directory: Directory | undefined,
): readonly string[] {
  if (!directory) return []
  return directory.snapshot.databases
    .filter((one) => isServedBy(one, door) && directory.grants(id, one.id).length > 0)
    .map(({ name }) => name)
}

function isServedBy({ engine }: SnapshotDatabase, door: Door): boolean {
  const dialect = dialectOf(engine)
  return dialect === 'sqlite' || dialect === door
}

function refuseWrongDoor(database: SnapshotDatabase, door: Door): void {
  if (isServedBy(database, door)) return
  const dialect = dialectOf(database.engine)
  throw new WrongDoor(database.name, database.engine, dialect === 'mysql' ? 'MySQL' : 'PostgreSQL')
}
