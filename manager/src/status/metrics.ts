import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

export interface Metrics {
  readonly registry: Registry
  requestEnded(route: string, method: string, status: number, seconds: number): void
  auditTaken(events: number): void
  liveSockets(count: number): void
  consoleTabs(count: number): void
}

export function createMetrics(revision: () => number): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry, prefix: 'articdbm_manager_' })
  const requests = new Histogram({
    name: 'articdbm_manager_request_seconds',
    help: 'REST requests by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  })
  const events = new Counter({
    name: 'articdbm_manager_audit_events_total',
    help: 'Audit events that gateways sent and that were committed',
    registers,
  })
  const sockets = new Gauge({
    name: 'articdbm_manager_live_sockets',
    help: 'Pages that listen for live events',
    registers,
  })
  const tabs = new Gauge({
    name: 'articdbm_manager_console_tabs',
    help: 'Connections that console tabs hold at a door',
    registers,
  })
  new Gauge({
    name: 'articdbm_manager_snapshot_revision',
    help: 'Newest revision that this process knows of',
    registers,
    collect() {
      this.set(revision())
    },
  })
  return {
    registry,
    requestEnded: (route, method, status, seconds) =>
      requests.observe({ route, method, status }, seconds),
    auditTaken: (count) => events.inc(count),
    liveSockets: (count) => sockets.set(count),
    consoleTabs: (count) => tabs.set(count),
  }
}
