// The backends of one database as a gateway knows them; shared by all doors' pools of it.
import { setTimeout } from 'node:timers/promises'
import {
  type Backend,
  DEFAULT_ROUTING,
  type Routing,
  type SnapshotDatabase,
} from '@articdbm/contract'
import { type Candidate, isSoleWriter, type Rules, readersOf, writersOf } from './choose.ts'
import { keyOf, Member } from './member.ts'
import type { Observation } from './observation.ts'
import type { Position } from './position.ts'
import { Turnstile } from './turnstile.ts'
import { TO_PRIMARY, type Wish } from './wish.ts'

/** SQLite has no server; its pool still dials "a backend". */
const FILE: Backend = { id: 'file', host: '', port: 1, role: 'primary', weight: 1, tls: 'disable' }

const POSITION_POLL_MS = 10

export interface Clock {
  /** Monotonic. */
  readonly nowMs: () => number
  /** 0 ≤ x < 1 */
  readonly random: () => number
}

/** A backend, and what it is wanted as. */
export interface Choice {
  readonly member: Member
  readonly role: 'primary' | 'replica'
}

export class Roster {
  readonly turnstile = new Turnstile()
  readonly #clock: Clock
  readonly #hurried = new Set<() => void>()
  #database: SnapshotDatabase
  #members: readonly Member[] = []
  /** A database with one backend has no choice. */
  #only: readonly Choice[] | undefined
  #successor: string | undefined
  #soleWriter: Member | undefined

  constructor(database: SnapshotDatabase, clock: Clock) {
    this.#clock = clock
    this.#database = database
    this.follow(database)
  }

  get database(): SnapshotDatabase {
    return this.#database
  }

  get members(): readonly Member[] {
    return this.#members
  }

  get routing(): Routing {
    return this.#database.routing ?? DEFAULT_ROUTING
  }

  get nowMs(): number {
    return this.#clock.nowMs()
  }

  /** Behind who takes the writes; undefined: nobody knows. */
  lagMs(member: Member): number | undefined {
    return member.lagMs(this.nowMs, this.#soleWriter)
  }

  /** A backend that is still there keeps what is known of it. */
  follow(database: SnapshotDatabase): void {
    this.#database = database
    const wanted = database.engine === 'sqlite' ? [FILE] : database.backends
    const known = new Map(this.#members.map((member) => [member.key, member]))
    this.#members = wanted.map((backend) => {
      const member = known.get(keyOf(backend)) ?? new Member(backend)
      if (member.configured.role !== backend.role) this.#successor = undefined
      member.configured = backend
      return member
    })
    this.#only = onlyChoice(this.#members)
  }

  /** The backends to try, in order. */
  choose(wish: Wish): readonly Choice[] {
    if (this.#only) return this.#only
    const candidates = this.#candidates()
    const writers = writersOf(candidates, this.#rules)
    if (wish.aim === 'primary') return this.#choices(writers, 'primary')
    const readers = readersOf(candidates, wish, { rules: this.#rules, writer: writers[0] })
    // Perhaps one has caught up with the session's writes by now.
    const isBound = wish.written.size + wish.goals.length > 0
    if (readers.length === 0 && isBound) this.hurry()
    return [...this.#choices(readers, 'replica'), ...this.#choices(writers, 'primary')]
  }

  /** Who takes writes now. */
  get writer(): Member | undefined {
    return this.choose(TO_PRIMARY)[0]?.member
  }

  /**
   * Where a backend is that takes writes, asked later than `sinceMs`; undefined where none tells within the time of a
   * check.
   */
  async positionAfter(key: string, sinceMs: number): Promise<Position | undefined> {
    const member = this.#members.find((one) => one.key === key)
    const untilMs = this.nowMs + this.routing.healthTimeoutMs
    while (member && this.nowMs < untilMs && this.#hurried.size > 0) {
      const check = member.checkAfter(sinceMs)
      if (check) return check.position
      this.hurry()
      await setTimeout(POSITION_POLL_MS)
    }
    return undefined
  }

  noteAnswer(member: Member, seen: Observation, askedAtMs: number): void {
    member.answered(seen, askedAtMs, this.nowMs)
    for (const source of this.#members) member.compare(source)
    if (seen.position && seen.role === 'primary') {
      member.mark({ askedAtMs, position: seen.position })
      for (const one of this.#members) one.compare(member)
    }
    this.#noteWriter()
  }

  noteMissed(member: Member, why: string): void {
    if (member.missed(why, this.nowMs) === 'once') this.hurry()
    this.#noteWriter()
  }

  onHurry(listener: () => void): void {
    this.#hurried.add(listener)
  }

  /** Something happened that the next health check should look into soon. */
  hurry(): void {
    for (const listener of this.#hurried) listener()
  }

  get #rules(): Rules {
    return { engine: this.#database.engine, routing: this.routing, successor: this.#successor }
  }

  #candidates(): readonly Candidate[] {
    return this.#members.map((member) => ({
      key: member.key,
      configured: member.configured,
      seen: member.seen,
      isHealthy: member.health.now.state !== 'down',
      lagMs: this.lagMs(member),
      freshAsOfMs: (source) => member.freshAsOfMs(source),
      load: member.load,
      lot: this.#clock.random(),
    }))
  }

  #choices(candidates: readonly Candidate[], role: Choice['role']): readonly Choice[] {
    return candidates.flatMap(({ key }) => {
      const member = this.#members.find((one) => one.key === key)
      return member ? [{ member, role }] : []
    })
  }

  #noteWriter(): void {
    const candidates = this.#candidates()
    const [writer] = writersOf(candidates, this.#rules)
    this.#noteSuccession(writer)
    const isSole = writer !== undefined && isSoleWriter(writer, candidates, this.#rules)
    this.#soleWriter = isSole ? this.#members.find(({ key }) => key === writer.key) : undefined
  }

  /** Once writes have followed a promoted replica they stay there while it is a healthy primary. */
  #noteSuccession(writer: Candidate | undefined): void {
    if (this.#database.engine === 'galera') return
    if (!writer?.isHealthy || !writer.seen) return
    this.#successor = writer.configured.role === 'replica' ? writer.key : undefined
  }
}

function onlyChoice([member, more]: readonly Member[]): readonly Choice[] | undefined {
  if (!member || more) return undefined
  return member.configured.weight > 0 ? [{ member, role: 'primary' }] : []
}

/** All rosters of a gateway. */
export class Rosters {
  readonly #clock: Clock
  readonly #rosters = new Map<string, Roster>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  of(database: SnapshotDatabase): Roster {
    const known = this.#rosters.get(database.id)
    if (!known) {
      const roster = new Roster(database, this.#clock)
      this.#rosters.set(database.id, roster)
      return roster
    }
    if (known.database !== database) known.follow(database)
    return known
  }

  /** Forgets removed databases. */
  keep(ids: ReadonlySet<string>): void {
    for (const id of this.#rosters.keys()) if (!ids.has(id)) this.#rosters.delete(id)
  }
}
