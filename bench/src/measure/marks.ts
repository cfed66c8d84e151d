// What a load cost: the difference of two looks at the machine.
import type { Observed } from '../loads/load.ts'
import type { Way } from '../ways/way.ts'
import type { Figures } from './figures.ts'
import {
  coreCount,
  cpuSeconds,
  machineSeconds,
  type ProcessStat,
  readProcesses,
  residentKb,
  treesOf,
} from './processes.ts'

export interface Mark {
  readonly atMs: number
  readonly processes: readonly ProcessStat[]
  readonly machineSeconds: number
}

export interface Subject {
  readonly way: Pick<Way, 'pids' | 'managerPids'>
  readonly serverPid: number
  /** This process: all that it started is not foreign. */
  readonly ownPid: number
  readonly cores: number
}

export interface Marks {
  readonly before: Mark
  /** When the load has ended. */
  readonly loaded: Mark
  /** When its last work is done: what is spooled and shipped later is not free. */
  readonly settled: Mark
}

/** Puts a load on a way; CPU is counted until the way has settled. */
export async function measure(
  way: Way,
  serverPid: number,
  work: () => Promise<Observed>,
): Promise<Figures> {
  const before = mark()
  const observed = await work()
  const loaded = mark()
  const memory = way.pids.length > 0 ? { residentMb: residentKb(way.pids) / 1024 } : {}
  await way.settle()
  const subject = { way, serverPid, ownPid: process.pid, cores: coreCount() }
  const costs = costOf(subject, { before, loaded, settled: mark() }, observed)
  return { ...observed.figures, ...memory, ...costs }
}

function mark(): Mark {
  return {
    atMs: performance.now(),
    processes: readProcesses(),
    machineSeconds: machineSeconds(),
  }
}

export function costOf(subject: Subject, marks: Marks, { cost }: Observed): Figures {
  const { way, serverPid } = subject
  const { loaded, settled } = marks
  const units = cost === undefined ? 0 : cost.count / cost.per
  const share = (pids: readonly number[]) => spent(marks.before, settled, pids) / units
  return {
    ...(units > 0 && way.pids.length > 0 && { proxyCpu: share(way.pids) }),
    ...(units > 0 && way.managerPids.length > 0 && { managerCpu: share(way.managerPids) }),
    ...(units > 0 && { serverCpu: share([serverPid]) }),
    ...(way.managerPids.length > 0 && { auditLagMs: settled.atMs - loaded.atMs }),
    foreignCpu: foreignPercent(subject, marks),
  }
}

/** What others took of the machine while the load lasted. */
function foreignPercent({ ownPid, cores }: Subject, { before, loaded }: Marks): number {
  const all = loaded.machineSeconds - before.machineSeconds
  const seconds = (loaded.atMs - before.atMs) / 1000
  return Math.max(0, (100 * (all - spent(before, loaded, [ownPid]))) / (seconds * cores))
}

function spent(from: Mark, to: Mark, pids: readonly number[]): number {
  return cpuSeconds(treesOf(to.processes, pids)) - cpuSeconds(treesOf(from.processes, pids))
}
