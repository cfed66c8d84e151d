// Prometheus metrics of pools and backends, read when somebody scrapes.
import type { BackendStatus, DatabaseStatus } from '@articdbm/contract'
import { Gauge, type Registry } from 'prom-client'

export interface NamedStatus {
  readonly name: string
  readonly status: DatabaseStatus
}

const FIGURES = ['open', 'idle', 'leased', 'waiting'] as const

export function observePools(registry: Registry, statuses: () => readonly NamedStatus[]): void {
  for (const figure of FIGURES) {
    gaugeOfBackends(registry, statuses, {
      name: `articdbm_pool_${figure}`,
      help: HELP[figure],
      value: (backend) => backend[figure],
    })
  }
  gaugeOfBackends(registry, statuses, {
    name: 'articdbm_backend_up',
    help: 'Does the backend answer its health checks? 1 or 0',
    value: ({ state }) => (state === 'up' ? 1 : 0),
  })
  gaugeOfBackends(registry, statuses, {
    name: 'articdbm_backend_lag_seconds',
    help: 'How far a replica is behind its primary',
    value: ({ lagMs }) => (lagMs === null ? undefined : lagMs / 1000),
  })
  observePinned(registry, statuses)
}

const HELP = {
  open: 'Connections to a backend',
  idle: 'Connections to a backend that nobody uses',
  leased: 'Connections to a backend that sessions have',
  waiting: 'Sessions in line for a connection to a backend',
} as const

interface BackendGauge {
  readonly name: string
  readonly help: string
  readonly value: (backend: BackendStatus) => number | undefined
}

function gaugeOfBackends(
  registry: Registry,
  statuses: () => readonly NamedStatus[],
  { name, help, value }: BackendGauge,
): void {
  new Gauge({
    name,
    help,
    labelNames: ['database', 'backend'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { name: database, status } of statuses()) {
        for (const backend of status.backends ?? []) {
          const now = value(backend)
          if (now !== undefined) this.set({ database, backend: addressOf(backend) }, now)
        }
      }
    },
  })
}

function observePinned(registry: Registry, statuses: () => readonly NamedStatus[]): void {
  new Gauge({
    name: 'articdbm_pool_pinned',
    help: 'Connections that belong to one session until its end, by why (a hundred a database are counted)',
    labelNames: ['database', 'backend', 'reason'],
    registers: [registry],
    collect() {
      this.reset()
      for (const { name: database, status } of statuses()) {
        for (const { backend, reason } of status.pinned ?? []) {
          this.inc({ database, backend, reason: kindOf(reason) })
        }
      }
    },
  })
}

/** Without the name that somebody gave a setting or a prepared statement: labels must stay few. */
function kindOf(reason: string): string {
  if (/^(?:set|setting)\b/i.test(reason)) return 'setting'
  return /^prepare/i.test(reason) ? 'prepared statement' : reason
}

function addressOf({ host, port }: BackendStatus): string {
  return `${host}:${port}`
}
