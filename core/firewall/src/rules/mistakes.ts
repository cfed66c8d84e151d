import type { RuleConditions } from '@articdbm/contract'
import { addressTest } from './addresses.ts'
import { isTimeZone } from './hours.ts'
import { patternTest } from './pattern.ts'

/** What can't be read in the conditions of a rule, in words for its author; undefined where all can. */
export function findMistake(conditions: RuleConditions): string | undefined {
  const { pattern, addresses = [], hours } = conditions
  const address = addresses.find((one) => !isReadBy(addressTest, one))
  if (address !== undefined) return `${address} is no address and no network like 10.0.0.0/8`
  if (hours && !isTimeZone(hours.timeZone)) return `${hours.timeZone} is no time zone`
  if (hours && hours.from === hours.until) return 'the hours begin and end at the same time'
  return pattern === undefined ? undefined : mistakeIn(pattern)
}

function isReadBy(read: (text: string) => unknown, text: string): boolean {
  try {
    read(text)
    return true
  } catch {
    return false
  }
}

function mistakeIn(pattern: string): string | undefined {
  try {
    patternTest(pattern, true)
    return undefined
  } catch (error) {
    return `the pattern can't be read (RE2's syntax, without look-around): ${(error as Error).message}`
  }
}
