// What a simulation tells, in words that promise no more than was looked at.
import type { SimulatedRule, StoppedBy } from '@articdbm/contract'

export const STOPPED: Record<NonNullable<StoppedBy>, string> = {
  statements: 'There are more statements than are read',
  time: 'Time ran out before all were read',
}

type Counts = Pick<SimulatedRule, 'examined' | 'matched' | 'forwarded' | 'unreadable' | 'stoppedBy'>

/** `success` only where all was read and nothing that was let through would have been met. */
export function severityOf(found: Counts): 'success' | 'info' | 'warning' {
  if (found.forwarded > 0) return 'warning'
  const isPartial = found.examined === 0 || found.unreadable > 0 || found.stoppedBy !== null
  return isPartial ? 'info' : 'success'
}

export function countsInWords({ examined, matched, forwarded, unreadable }: Counts): string {
  if (examined === 0) {
    return 'The audit has no statement of this time, so nothing can be said about the rule.'
  }
  const met =
    matched === 0
      ? `None of ${count(examined)} statements is one of these.`
      : `${count(matched)} of ${count(examined)} statements; ${count(forwarded)} of them were let through at the time.`
  if (unreadable === 0) return met
  return `${met} ${count(unreadable)} are recorded by their beginning only: whether the rule holds for them can’t be told.`
}

export function count(number: number): string {
  return number.toLocaleString('en')
}
