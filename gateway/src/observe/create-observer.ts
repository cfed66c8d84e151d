import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Observer } from './observer.ts'
import { SecondsHistogram } from './seconds-histogram.ts'

const MAX_SAMPLES = 20_000
const BUCKETS_SECONDS = [
  0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30,
]

export interface Totals {
  readonly sessions: number
  readonly statements: number
  readonly blocked: number
  readonly errors: number
}

export interface ObserverWithFigures extends Observer {
  readonly registry: Registry
  readonly totals: Totals
  sessionsOf(databaseId: string): number
  /** Milliseconds of the statements that ended since the last call. */
  takeLatencies(): { readonly p50Ms: number; readonly p99Ms: number }
}

export function createObserver(): ObserverWithFigures {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'articdbm_gateway_' })
  const totals = { sessions: 0, statements: 0, blocked: 0, errors: 0 }
  const metrics = createMetrics(registry, totals)
  const sessions = new Map<string, number>()
  let samples: number[] = []

  const count = (databaseId: string, step: 1 | -1): void => {
    totals.sessions += step
    sessions.set(databaseId, (sessions.get(databaseId) ?? 0) + step)
    metrics.sessions.set(totals.sessions)
  }
  return {
    registry,
    totals,
    sessionsOf: (databaseId) => sessions.get(databaseId) ?? 0,
    sessionOpened: (databaseId) => count(databaseId, 1),
    sessionClosed: (databaseId) => count(databaseId, -1),
    statementEnded: ({ durationMs, isError }) => {
      totals.statements += 1
      if (isError) totals.errors += 1
      metrics.seconds.observe(durationMs / 1000)
      if (samples.length < MAX_SAMPLES) samples.push(durationMs)
    },
    statementBlocked: (_databaseId, rule) => {
      totals.statements += 1
      totals.blocked += 1
      metrics.blocked.inc({ rule })
    },
    statementAlerted: (_databaseId, rule) => metrics.alerted.inc({ rule }),
    loginRefused: () => metrics.logins.inc(),
    routed: (_databaseId, role) => metrics.routes.inc({ role }),
    takeLatencies: () => {
      const sorted = samples.sort((left, right) => left - right)
      samples = []
      return { p50Ms: percentile(sorted, 0.5), p99Ms: percentile(sorted, 0.99) }
    },
  }
}

function createMetrics(registry: Registry, totals: Totals) {
  const registers = [registry]
  return {
    sessions: new Gauge({ name: 'articdbm_sessions', help: 'Open client sessions', registers }),
    statements: new Counter({
      name: 'articdbm_statements_total',
      help: 'Statements forwarded, by how they ended',
      labelNames: ['outcome'],
      registers,
      // Counted in plain numbers, and told when somebody asks.
      collect() {
        this.reset()
        this.inc({ outcome: 'ok' }, totals.statements - totals.blocked - totals.errors)
        this.inc({ outcome: 'error' }, totals.errors)
      },
    }),
    blocked: new Counter({
      name: 'articdbm_statements_blocked_total',
      help: 'Statements refused, by rule',
      labelNames: ['rule'],
      registers,
    }),
    alerted: new Counter({
      name: 'articdbm_statements_alerted_total',
      help: 'Statements let through with an alert, by rule',
      labelNames: ['rule'],
      registers,
    }),
    logins: new Counter({
      name: 'articdbm_logins_refused_total',
      help: 'Log-ins refused at a door',
      registers,
    }),
    routes: new Counter({
      name: 'articdbm_route_total',
      help: 'Connections given to sessions, by the role of the backend',
      labelNames: ['role'],
      registers,
    }),
    seconds: new SecondsHistogram(registry, {
      name: 'articdbm_statement_seconds',
      help: 'From being recorded to the end of the answer',
      bounds: BUCKETS_SECONDS,
    }),
  }
}

function percentile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return Math.round(value * 1000) / 1000
}
