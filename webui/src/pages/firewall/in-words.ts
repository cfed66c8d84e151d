// What a rule holds for, in a line that can be read.
import type { RuleConditions, RuleHours } from '@articdbm/contract'
import { DOORS, ROLES } from '../../services/words.ts'

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
const EFFECTS = {
  read: 'reads',
  write: 'writes',
  define: 'definitions',
  control: 'control',
} as const
const SHOWN = 3

export function conditionsInWords(conditions: RuleConditions): string {
  const { access, tables, columns, effects, functions, digests, pattern } = conditions
  const { users, roles, addresses, applications, doors, hours } = conditions
  const parts = [
    effects && some(effects.map((effect) => EFFECTS[effect])),
    access && !tables && (access === 'read' ? 'reading a table' : 'writing to a table'),
    tables && `${access ? `${access}s of ` : ''}${some(tables)}`,
    columns && `naming ${some(columns)}`,
    functions && `calls of ${some(functions)}`,
    digests && `digest ${some(digests)}`,
    pattern && `text like ${pattern}`,
    users && `by ${some(users)}`,
    roles && `by ${some(roles.map((role) => ROLES[role].label.toLowerCase()))}`,
    applications && `from ${some(applications)}`,
    addresses && `from ${some(addresses)}`,
    doors && `through ${some(doors.map((door) => DOORS[door]))}`,
    hours && hoursInWords(hours),
  ]
  return parts.filter(Boolean).join(', ')
}

export function hoursInWords({ is, days, from, until, timeZone }: RuleHours): string {
  return `${is} ${daysInWords(days)} ${from}–${until} (${timeZone})`
}

/** `Mon–Fri` for days that follow each other, else `Mon, Wed`. */
export function daysInWords(days: readonly number[]): string {
  const sorted = [...days].sort((left, right) => left - right)
  const [first = 1] = sorted
  const last = sorted.at(-1) ?? first
  const name = (day: number): string => DAYS[day - 1] ?? ''
  const isRow = sorted.length > 2 && last - first === sorted.length - 1
  return isRow ? `${name(first)}–${name(last)}` : sorted.map(name).join(', ')
}

/** The first few, and how many more there are. */
export function some(names: readonly string[]): string {
  const rest = names.length - SHOWN
  const shown = names.slice(0, SHOWN).join(', ')
  return rest > 0 ? `${shown} and ${rest} more` : shown
}
