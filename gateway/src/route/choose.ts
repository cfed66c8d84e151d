// Which backends may serve a wish, in the order to try them. Facts in, order out.
import type { Backend, Engine, Routing } from '@articdbm/contract'
import type { Observation } from './observation.ts'
import { isUpTo, type Wish } from './wish.ts'

/** One backend as the choice sees it. */
export interface Candidate {
  readonly key: string
  /** As configured; weight 0 drains it. */
  readonly configured: Backend
  /** Undefined until a health check has seen it. */
  readonly seen: Observation | undefined
  /** False while it is down, or set aside after failures. */
  readonly isHealthy: boolean
  /** Undefined: nobody knows. */
  readonly lagMs: number | undefined
  /** It has everything that was written on `source` before this moment. */
  readonly freshAsOfMs: (source: string) => number
  /** Connections in use, and sessions in line for one. */
  readonly load: number
  /** Breaks ties: 0 ≤ x < 1 */
  readonly lot: number
}

export interface Rules {
  readonly engine: Engine
  readonly routing: Routing
  /** A replica that took over: it keeps the writes while it is fit, even when the old primary comes back. */
  readonly successor: string | undefined
}

/** Who takes writes now, best first. Unhealthy ones stand last: to try them is better than to refuse. */
export function writersOf(all: readonly Candidate[], rules: Rules): readonly Candidate[] {
  const able = all.filter((one) => isTaking(one) && isPrimary(one, all))
  const fit = able.filter(({ isHealthy }) => isHealthy)
  const unfit = able.filter(({ isHealthy }) => !isHealthy)
  return [...ordered(fit, rules), ...ordered(unfit, rules)]
}

function ordered(able: readonly Candidate[], rules: Rules): readonly Candidate[] {
  if (rules.engine === 'galera') {
    return rules.routing.hasSingleWriter ? able : able.toSorted(byLoad)
  }
  const successor = able.filter(({ key }) => key === rules.successor)
  if (successor.length > 0) return successor
  const wished = able.filter(({ configured }) => configured.role === 'primary')
  return wished.length > 0 ? wished.toSorted(byLoad) : able.slice(0, 1)
}

/** A primary of an older timeline was passed over by a promotion: what it takes is lost. */
function isPrimary(one: Candidate, all: readonly Candidate[]): boolean {
  const { seen, configured } = one
  if (!seen) return configured.role === 'primary'
  return seen.role === 'primary' && seen.unfit === '' && seen.timeline >= newestTimeline(all)
}

function newestTimeline(all: readonly Candidate[]): number {
  return Math.max(...all.map(({ seen }) => (seen?.role === 'primary' ? seen.timeline : 0)))
}

/** Who may answer a plain read instead of `writer`, best first. */
export function readersOf(
  all: readonly Candidate[],
  wish: Wish,
  { rules, writer }: { readonly rules: Rules; readonly writer: Candidate | undefined },
): readonly Candidate[] {
  if (!rules.routing.readWriteSplit && !wish.isHinted) return []
  return all
    .filter((one) => one !== writer && isReader(one, rules) && isCurrent(one, wish, rules))
    .toSorted(byLoad)
}

/** In Galera every synced node reads; with several writers there is nobody to keep the reads from. */
function isReader(one: Candidate, { engine, routing }: Rules): boolean {
  const { seen } = one
  if (!seen || !one.isHealthy || !isTaking(one) || seen.unfit !== '') return false
  return engine === 'galera' ? routing.hasSingleWriter : seen.role === 'replica'
}

/** Is who has reached its position up to date? Only where one server alone takes the writes. */
export function isSoleWriter(one: Candidate, all: readonly Candidate[], rules: Rules): boolean {
  const healthy = writersOf(all, rules).filter(({ isHealthy }) => isHealthy)
  if (healthy[0]?.key !== one.key) return false
  return rules.engine === 'galera' ? rules.routing.hasSingleWriter : healthy.length === 1
}

function isCurrent(one: Candidate, wish: Wish, { routing }: Rules): boolean {
  if (wish.isHinted) return true
  return one.lagMs !== undefined && one.lagMs <= routing.maxLagMs && isUpTo(one, wish)
}

function isTaking({ configured }: Candidate): boolean {
  return configured.weight > 0
}

/** Weighted least connections. */
function byLoad(left: Candidate, right: Candidate): number {
  return loadOf(left) - loadOf(right) || left.lot - right.lot
}

function loadOf({ load, configured }: Candidate): number {
  return (load + 1) / Math.max(1, configured.weight)
}
