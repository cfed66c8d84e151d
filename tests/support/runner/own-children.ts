import { readFileSync } from 'node:fs'

/** To the processes that this one has started and that are left. */
export function signalOwnChildren(signal: NodeJS.Signals): void {
  for (const pid of ownChildren()) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended between the look and the signal.
    }
  }
}

function ownChildren(): readonly number[] {
  try {
    const listed = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    return listed.trim().split(' ').filter(Boolean).map(Number)
  } catch {
    return [] // only Linux tells
  }
}
