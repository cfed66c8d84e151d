// Times of a week. A day's span may go past midnight: then its second half belongs to the day after.
import type { RuleHours } from '@articdbm/contract'

const MINUTE_MS = 60_000
const MINUTES_A_DAY = 24 * 60
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** `nowMs`: milliseconds since 1970. */
export function fitsHours(hours: RuleHours, nowMs: number): boolean {
  const { day, minute } = localTime(hours.timeZone, nowMs)
  return isWithin(hours, day, minute) === (hours.is === 'within')
}

/** What holds now holds until then at least. */
export function endOfMinute(nowMs: number): number {
  return (Math.floor(nowMs / MINUTE_MS) + 1) * MINUTE_MS
}

/** Whether a time zone is known by this name. */
export function isTimeZone(name: string): boolean {
  try {
    formatOf(name)
    return true
  } catch {
    return false
  }
}

function isWithin({ days, from, until }: RuleHours, day: number, minute: number): boolean {
  const [start, end] = [minutesOf(from), minutesOf(until)]
  const has = (one: number): boolean => days.includes(one)
  if (start < end) return has(day) && minute >= start && minute < end
  const dayBefore = day === 1 ? 7 : day - 1
  return (has(day) && minute >= start) || (has(dayBefore) && minute < end)
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number)
  return ((hours ?? 0) * 60 + (minutes ?? 0)) % MINUTES_A_DAY
}

interface LocalTime {
  /** 1 is Monday. */
  readonly day: number
  /** Since midnight. */
  readonly minute: number
}

function localTime(timeZone: string, nowMs: number): LocalTime {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(nowMs)
      .map(({ type, value }) => [type, value]),
  )
  const minute = Number(parts.get('hour')) * 60 + Number(parts.get('minute'))
  return { day: DAYS.indexOf(parts.get('weekday') ?? '') + 1, minute }
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Throws a RangeError for a name that no time zone has. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  })
  formats.set(timeZone, format)
  return format
}
