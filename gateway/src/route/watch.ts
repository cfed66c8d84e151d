// Active health checks: a connection of its own to each backend, asked in periods and whenever something happened.
import type { BackendConnection } from '../pool/pool.ts'
import type { Member } from './member.ts'
import type { Observation, Probe } from './observation.ts'
import { isThere } from './reach.ts'
import type { Roster } from './roster.ts'

/** Checks that are asked for come at most this often. */
const HURRY_MS = 100

export interface Watching<C extends BackendConnection> {
  readonly dial: (member: Member, signal: AbortSignal) => Promise<C>
  readonly probe: Probe<C>
}

/** Watches a roster's backends until the signal aborts. */
export function watch<C extends BackendConnection>(
  roster: Roster,
  watching: Watching<C>,
  signal: AbortSignal,
): void {
  const checks = new Map<Member, Check<C>>()
  const round = () => {
    for (const [member, check] of checks) {
      if (roster.members.includes(member)) continue
      check.end()
      checks.delete(member)
    }
    for (const member of roster.members) {
      const check = checks.get(member) ?? new Check(roster, member, watching)
      checks.set(member, check)
      void check.ask()
    }
  }
  const schedule = startRounds(roster, round)
  signal.addEventListener('abort', () => {
    schedule.stop()
    for (const check of checks.values()) check.end()
  })
}

function startRounds(roster: Roster, round: () => void): { readonly stop: () => void } {
  let timer: NodeJS.Timeout | undefined
  let lastMs = Number.NEGATIVE_INFINITY
  let dueMs = Number.POSITIVE_INFINITY
  const next = (inMs: number) => {
    clearTimeout(timer)
    dueMs = roster.nowMs + inMs
    timer = setTimeout(begin, inMs)
  }
  const begin = () => {
    lastMs = roster.nowMs
    next(roster.routing.healthCheckMs)
    round()
  }
  roster.onHurry(() => {
    const inMs = Math.max(0, lastMs + HURRY_MS - roster.nowMs)
    if (timer && dueMs > roster.nowMs + inMs) next(inMs)
  })
  next(0)
  return {
    stop: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}

/** The connection that one backend is asked on, kept from check to check. */
class Check<C extends BackendConnection> {
  readonly #roster: Roster
  readonly #member: Member
  readonly #watching: Watching<C>
  readonly #ended = new AbortController()
  #connection: C | undefined
  #isAsking = false

  constructor(roster: Roster, member: Member, watching: Watching<C>) {
    this.#roster = roster
    this.#member = member
    this.#watching = watching
  }

  /** Never rejects; a check that is still under way isn't repeated. */
  async ask(): Promise<void> {
    if (this.#isAsking) return
    this.#isAsking = true
    const askedAtMs = this.#roster.nowMs
    try {
      const seen = await this.#observe()
      if (this.#ended.signal.aborted) return
      this.#roster.noteAnswer(this.#member, seen, askedAtMs)
      this.#member.noteReach(true)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (!this.#ended.signal.aborted) await this.#missed(why)
    } finally {
      this.#isAsking = false
    }
  }

  /** It is down; gone without a word it is only where not even its machine says no. */
  async #missed(why: string): Promise<void> {
    this.#roster.noteMissed(this.#member, why)
    const { healthTimeoutMs } = this.#roster.routing
    const isReached = await isThere(this.#member.configured, healthTimeoutMs)
    if (!this.#ended.signal.aborted) this.#member.noteReach(isReached)
  }

  end(): void {
    this.#ended.abort()
    this.#connection?.close()
  }

  async #observe(): Promise<Observation> {
    const timeoutMs = this.#roster.routing.healthTimeoutMs
    const deadline = AbortSignal.any([this.#ended.signal, AbortSignal.timeout(timeoutMs)])
    const late = new Promise<never>((_resolve, reject) => {
      deadline.addEventListener('abort', () => reject(new Error('it did not answer in time')), {
        once: true,
      })
    })
    try {
      return await Promise.race([this.#asked(deadline), late])
    } catch (error) {
      this.#connection?.close()
      this.#connection = undefined
      throw error
    }
  }

  async #asked(deadline: AbortSignal): Promise<Observation> {
    const { dial, probe } = this.#watching
    if (!this.#connection?.isOpen) {
      const connection = await dial(this.#member, deadline)
      if (deadline.aborted) connection.close()
      this.#connection = connection
    }
    return probe(this.#connection, this.#member.configured.role)
  }
}
