// What is read off one way in one round.

export const FIGURES = {
  throughput: 'per second',
  p50Ms: 'p50, ms',
  p99Ms: 'p99, ms',
  /** Of the proxy's processes; of ArticDBM the gateway's alone. */
  proxyCpu: 'proxy CPU',
  managerCpu: 'manager CPU',
  serverCpu: 'database CPU',
  residentMb: 'proxy memory, MB',
  /** From the end of the load until the manager has every audit event. */
  auditLagMs: 'audit lag, ms',
  /** What others took of the machine's CPU meanwhile, in percent. */
  foreignCpu: 'others, %',
  perClientKb: 'kB a client',
  growthMb: 'growth, MB',
} as const

export type Figure = keyof typeof FIGURES
export type Figures = Readonly<Partial<Record<Figure, number>>>
