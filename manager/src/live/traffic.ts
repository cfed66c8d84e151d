import type { GatewayStatus, LiveEvent } from '@articdbm/contract'
import type { Base } from '../base.ts'
import { type SeenGateway, seenGateways } from '../status/store.ts'
import type { LiveHub } from './hub.ts'

const EVERY_MS = 1_000
const FRESH_MS = 5_000

type Traffic = Extract<LiveEvent, { type: 'traffic' }>

/** Once a second, while anybody listens: what the gateways' counters say of the last second. */
export function followTraffic(base: Base, hub: LiveHub, signal: AbortSignal): void {
  let before: ReadonlyMap<string, GatewayStatus> = new Map()
  let isReading = false
  const look = async (): Promise<void> => {
    const now = base.now()
    const seen = await base.store.read((db) => seenGateways(db))
    const fresh = freshOf(seen, now)
    hub.tell(trafficOf(fresh, before, now))
    before = new Map(fresh.map((status) => [status.gateway, status]))
  }
  const timer = setInterval(() => {
    if (hub.size === 0 || isReading) return
    isReading = true
    look()
      .catch((fault) => base.log.warn({ err: fault }, "the gateways' figures could not be read"))
      .finally(() => {
        isReading = false
      })
  }, EVERY_MS)
  signal.addEventListener('abort', () => clearInterval(timer), { once: true })
}

function freshOf(seen: readonly SeenGateway[], now: Date): readonly GatewayStatus[] {
  return seen
    .filter(({ seenAt }) => now.getTime() - new Date(seenAt).getTime() < FRESH_MS)
    .map(({ status }) => status)
}

export function trafficOf(
  statuses: readonly GatewayStatus[],
  before: ReadonlyMap<string, GatewayStatus>,
  now: Date,
): Traffic {
  const rates = statuses.map((status) => rateOf(status, before.get(status.gateway)))
  const statementsPerSecond = sum(rates.map(({ statements }) => statements))
  const weighted = rates.map(({ statements }, at) => statements * (statuses[at]?.p50Ms ?? 0))
  return {
    type: 'traffic',
    at: now.toISOString(),
    statementsPerSecond: rounded(statementsPerSecond),
    blockedPerSecond: rounded(sum(rates.map(({ blocked }) => blocked))),
    p50Ms: rounded(statementsPerSecond === 0 ? 0 : sum(weighted) / statementsPerSecond),
    p99Ms: rounded(Math.max(0, ...statuses.map(({ p99Ms }) => p99Ms))),
    sessions: sum(statuses.map(({ sessions }) => sessions)),
  }
}

/** Counters run from a gateway's start: after a restart there is nothing to compare with. */
function rateOf(status: GatewayStatus, before: GatewayStatus | undefined) {
  if (before?.startedAt !== status.startedAt) return { statements: 0, blocked: 0 }
  const seconds = (new Date(status.at).getTime() - new Date(before.at).getTime()) / 1000
  if (seconds <= 0) return { statements: 0, blocked: 0 }
  return {
    statements: Math.max(0, status.statements - before.statements) / seconds,
    blocked: Math.max(0, status.blocked - before.blocked) / seconds,
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
