// CPU and memory of processes and all they started, from /proc.
import { readdirSync, readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** Linux shows times in hundredths of a second to every program, whatever it counts in. */
const TICKS_PER_SECOND = 100
const PAGE_KB = 4

export interface ProcessStat {
  readonly pid: number
  readonly parent: number
  /** Its own and that of children that have ended. */
  readonly cpuTicks: number
  readonly residentKb: number
}

/** A line of /proc/<pid>/stat; the name in parentheses may hold anything. */
export function parseStat(line: string): ProcessStat {
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const field = (number: number): number => Number(fields[number - 3])
  return {
    pid: Number.parseInt(line, 10),
    parent: field(4),
    cpuTicks: field(14) + field(15) + field(16) + field(17),
    residentKb: field(24) * PAGE_KB,
  }
}

/** The roots and all their descendants, each once. */
export function treesOf(
  all: readonly ProcessStat[],
  roots: readonly number[],
): readonly ProcessStat[] {
  const members = new Map(all.filter(({ pid }) => roots.includes(pid)).map((one) => [one.pid, one]))
  for (const { pid } of members.values()) {
    for (const one of all) if (one.parent === pid) members.set(one.pid, one)
  }
  return [...members.values()]
}

export function readProcesses(): readonly ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statOf)
}

export function cpuSeconds(processes: readonly ProcessStat[]): number {
  return processes.reduce((sum, { cpuTicks }) => sum + cpuTicks, 0) / TICKS_PER_SECOND
}

export function residentKb(pids: readonly number[]): number {
  return treesOf(readProcesses(), pids).reduce((sum, one) => sum + one.residentKb, 0)
}

/** Seconds that programs have run on all CPUs, and that the host kept for itself. */
export function parseMachine(text: string): number {
  const [user = 0, nice = 0, system = 0, , , , , steal = 0] =
    text
      .match(/^cpu +(.*)$/m)?.[1]
      ?.split(' ')
      .map(Number) ?? []
  return (user + nice + system + steal) / TICKS_PER_SECOND
}

export function machineSeconds(): number {
  return parseMachine(readFileSync('/proc/stat', 'utf8'))
}

export function coreCount(): number {
  return cpus().length
}

function statOf(pid: string): readonly ProcessStat[] {
  try {
    return [parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))]
  } catch {
    return [] // it ended between the look and the read
  }
}
