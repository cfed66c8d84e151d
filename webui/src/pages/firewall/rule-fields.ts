// The form of a rule, flat, and what it says to the manager.
import type {
  Rule,
  RuleAction,
  RuleChange,
  RuleConditions,
  RuleCreation,
  RuleHours,
} from '@articdbm/contract'

type Lists = {
  readonly [name in ListName]: string[]
}
export type ListName =
  | 'tables'
  | 'columns'
  | 'effects'
  | 'functions'
  | 'digests'
  | 'users'
  | 'roles'
  | 'addresses'
  | 'applications'
  | 'doors'

const LISTS: readonly ListName[] = [
  ...(['tables', 'columns', 'effects', 'functions', 'digests', 'users', 'roles'] as const),
  ...(['addresses', 'applications', 'doors'] as const),
]

export interface RuleFields extends Lists {
  readonly name: string
  /** '' for all. */
  readonly database: string
  readonly action: RuleAction
  readonly message: string
  readonly access: '' | 'read' | 'write'
  readonly pattern: string
  /** '' for any time. */
  readonly hoursAre: '' | 'within' | 'outside'
  /** 1 is Monday, as texts. */
  readonly days: string[]
  readonly from: string
  readonly until: string
  readonly timeZone: string
}

const WORKING_DAYS = ['1', '2', '3', '4', '5']

export function ruleFieldsOf(rule: Rule | undefined): RuleFields {
  const conditions: RuleConditions = rule?.conditions ?? {}
  const { hours } = conditions
  return {
    name: rule?.name ?? '',
    database: rule?.database ?? '',
    action: rule?.action ?? 'block',
    message: rule?.message ?? '',
    ...listsOf(conditions),
    access: conditions.access ?? '',
    pattern: conditions.pattern ?? '',
    hoursAre: hours?.is ?? '',
    days: hours?.days.map(String) ?? WORKING_DAYS,
    from: hours?.from ?? '08:00',
    until: hours?.until ?? '18:00',
    timeZone: hours?.timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
}

function listsOf(conditions: RuleConditions): Lists {
  const lists = LISTS.map((name) => [name, [...(conditions[name] ?? [])]] as const)
  return Object.fromEntries(lists) as unknown as Lists
}

/** What is left empty is no condition. */
export function conditionsOf(fields: RuleFields): RuleConditions {
  const lists = LISTS.filter((name) => fields[name].length > 0).map((name) => [name, fields[name]])
  const hours = hoursOf(fields)
  return {
    ...(Object.fromEntries(lists) as Pick<RuleConditions, ListName>),
    ...(fields.access === '' ? {} : { access: fields.access }),
    ...(fields.pattern === '' ? {} : { pattern: fields.pattern }),
    ...(hours ? { hours } : {}),
  }
}

function hoursOf({ hoursAre, days, from, until, timeZone }: RuleFields): RuleHours | undefined {
  if (hoursAre === '') return undefined
  return { is: hoursAre, days: days.map(Number).sort(), from, until, timeZone }
}

export function isWithoutConditions(fields: RuleFields): boolean {
  return Object.keys(conditionsOf(fields)).length === 0
}

export function ruleCreationOf(fields: RuleFields, isOn: boolean): RuleCreation {
  const { name, action, message } = fields
  return {
    ...{ name, action, message, isOn, database: fields.database || null },
    conditions: conditionsOf(fields),
  }
}

/** `isOn` as it shall be from now on. */
export function ruleChangeOf(
  fields: RuleFields,
  { isOn, version }: Pick<Rule, 'isOn' | 'version'>,
): RuleChange {
  const { action, message } = fields
  return {
    ...{ action, message, isOn, version, database: fields.database || null },
    conditions: conditionsOf(fields),
  }
}
