// Positions as sessions carry them about: sealed, so that whoever holds one can neither make one nor learn from it.
import { randomBytes } from 'node:crypto'
import { PositionRefused, type SnapshotDatabase } from '@articdbm/contract'
import { type MasterKey, NONCE_BYTES, seal, unseal } from '@articdbm/credential'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { type Goal, ONLY_WRITER, withGoal } from './goal.ts'
import { parsePosition, positionText } from './position.ts'
import type { Roster, Rosters } from './roster.ts'

const PURPOSE = 'position'
/** Of the text that is sealed; a position that would need more is told as "who takes the writes". */
const MAX_CHARACTERS = 4_096
/** Sealing adds a third, a nonce and a tag. */
const MAX_TOKEN_CHARACTERS = 6_000

const Claims = Type.Object({
  database: Type.String(),
  goals: Type.Array(Type.Object({ source: Type.String(), position: Type.String() })),
})
type Claims = Static<typeof Claims>

export interface PositionsOptions {
  readonly master: MasterKey
  readonly rosters: Rosters
}

export class Positions {
  readonly #options: PositionsOptions

  constructor(options: PositionsOptions) {
    this.#options = options
  }

  /**
   * A token of what was written by backend (in milliseconds of the monotonic clock), and of what was to be reached
   * already. Asks the backends where they are, and takes no longer than a health check may.
   */
  async tell(
    database: SnapshotDatabase,
    written: ReadonlyMap<string, number>,
    known: readonly Goal[],
  ): Promise<string> {
    const roster = this.#options.rosters.of(database)
    const asked = [...written].map(([source, atMs]) => goalOf(roster, source, atMs))
    const goals = (await Promise.all(asked)).reduce(withGoal, known)
    const text = claimsText(database, goals)
    const told = text.length > MAX_CHARACTERS ? claimsText(database, [ONLY_WRITER]) : text
    return seal(this.#options.master, PURPOSE, told, randomBytes(NONCE_BYTES))
  }

  /** Throws PositionRefused for what no gateway has made for this database. */
  read(database: SnapshotDatabase, token: string): readonly Goal[] {
    const claims = token.length > MAX_TOKEN_CHARACTERS ? undefined : this.#open(token)
    if (claims?.database !== database.id) throw new PositionRefused(database.name)
    const { members } = this.#options.rosters.of(database)
    return claims.goals.map(({ source, position }) => {
      // Another server's numbers may mean something else.
      const isKnown = members.some(({ key }) => key === source)
      return { source, position: isKnown ? parsePosition(position) : undefined }
    })
  }

  #open(token: string): Claims | undefined {
    try {
      const claims: unknown = JSON.parse(unseal(this.#options.master, PURPOSE, token))
      return Value.Check(Claims, claims) ? claims : undefined
    } catch {
      return undefined
    }
  }
}

async function goalOf(roster: Roster, source: string, atMs: number): Promise<Goal> {
  return { source, position: await roster.positionAfter(source, atMs) }
}

function claimsText({ id }: SnapshotDatabase, goals: readonly Goal[]): string {
  const claims: Claims = {
    database: id,
    goals: goals.map(({ source, position }) => ({
      source,
      position: position ? positionText(position) : '',
    })),
  }
  return JSON.stringify(claims)
}
