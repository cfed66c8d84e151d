// A connection to a gateway's door for one person: what the console and REST queries are made of.
import { randomBytes } from 'node:crypto'
import type { Engine } from '@articdbm/contract'
import { issueToken, type Token, type TokenClaims } from '@articdbm/credential'
import type { Base } from '../base.ts'
import type { Config } from '../config.ts'
import type { Actor } from '../identity/actor.ts'
import type { Publisher } from '../publish/publisher.ts'
import type { DoorConnection, DoorTarget, Notice } from './door.ts'
import { openMysqlDoor } from './mysql-door.ts'
import { openPostgresDoor } from './postgres-door.ts'

export interface DoorParts {
  readonly base: Base
  readonly doors: Config['doors']
  readonly publisher: Publisher
}

export interface DoorRequest {
  readonly actor: Pick<Actor, 'userId' | 'address'>
  readonly database: string
  readonly engine: Engine
  readonly door: 'rest' | 'console'
  readonly scope: TokenClaims['scope']
  readonly onNotice: (notice: Notice) => void
}

const TOKEN_VALID_MS = 30_000

export function openDoor(parts: DoorParts, request: DoorRequest): Promise<DoorConnection> {
  const { doors } = parts
  const isPostgres = request.engine === 'postgres' || request.engine === 'sqlite'
  const target: DoorTarget = {
    ...(isPostgres ? doors.postgres : doors.mysql),
    database: request.database,
    ca: doors.ca,
    token: () => tokenFor(parts, request),
    onNotice: request.onNotice,
  }
  return isPostgres ? openPostgresDoor(target) : openMysqlDoor(target)
}

/** Names the snapshot that the gateway must know first: a grant given a moment ago counts. */
function tokenFor({ base, publisher }: DoorParts, request: DoorRequest): Token {
  return issueToken(base.master, {
    nonce: randomBytes(18).toString('base64url'),
    principalId: request.actor.userId,
    database: request.database,
    door: request.door,
    address: request.actor.address,
    scope: request.scope,
    revision: Math.max(0, publisher.revision()),
    validUntilMs: base.now().getTime() + TOKEN_VALID_MS,
  })
}
