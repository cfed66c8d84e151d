import { readFileSync } from 'node:fs'
import { removeDirectory } from '../../tests/support/servers/child.ts'

/** Servers end by their own guard; this takes what is left, however this process ends: product, pgbench, sysbench. */
export function endAllOnExit(directory: string): void {
  process.once('SIGHUP', () => process.exit(129))
  process.once('exit', () => {
    for (const pid of ownChildren()) kill(pid)
    removeDirectory(directory)
  })
}

function ownChildren(): readonly number[] {
  try {
    const listed = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    return listed.trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return [] // this kernel doesn't tell
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended between the look and the signal.
  }
}
