import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Rule, RuleConditions } from '@articdbm/contract'
import {
  conditionsOf,
  isWithoutConditions,
  ruleChangeOf,
  ruleCreationOf,
  ruleFieldsOf,
} from './rule-fields.ts'

const ALL: RuleConditions = {
  ...{ tables: ['orders'], effects: ['write'], functions: ['now'], digests: ['0123456789abcdef'] },
  ...{ users: ['ada'], roles: ['viewer'], addresses: ['10.0.0.0/8'], applications: ['psql'] },
  ...{ doors: ['postgres'], access: 'read', pattern: 'a+' },
  hours: { is: 'within', days: [1, 2], from: '08:00', until: '09:00', timeZone: 'UTC' },
}

const RULE: Rule = {
  ...{ name: 'no-exports', database: 'shop', isOn: true, action: 'alert', message: 'ask first' },
  ...{ conditions: ALL, createdBy: 'owner', version: 7 },
  ...{ createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' },
}

test('each condition alone goes through the form unchanged', () => {
  for (const [name, value] of Object.entries(ALL)) {
    const conditions = { [name]: value }
    assert.deepEqual(conditionsOf(ruleFieldsOf({ ...RULE, conditions })), conditions)
  }
})

test('a whole rule goes through the form unchanged, with the version that was read', () => {
  const { action, message, database, conditions, isOn, version } = RULE
  assert.deepEqual(ruleChangeOf(ruleFieldsOf(RULE), RULE), {
    ...{ action, message, database, conditions, isOn, version },
  })
})

test('a new rule has no condition yet, blocks, and is of all databases', () => {
  const fields = ruleFieldsOf(undefined)
  assert.ok(isWithoutConditions(fields))
  assert.deepEqual(fields.days, ['1', '2', '3', '4', '5'])
  assert.deepEqual(ruleCreationOf({ ...fields, name: 'new' }, false), {
    ...{ name: 'new', action: 'block', message: '', isOn: false, database: null, conditions: {} },
  })
})

test('a rule is saved switched on or off as asked, whatever it was', () => {
  const fields = ruleFieldsOf(RULE)
  assert.equal(ruleCreationOf(fields, true).isOn, true)
  assert.equal(ruleChangeOf(fields, { ...RULE, isOn: false }).isOn, false)
})

test('any one field filled in is a condition', () => {
  const empty = ruleFieldsOf(undefined)
  assert.equal(isWithoutConditions({ ...empty, tables: ['orders'] }), false)
  assert.equal(isWithoutConditions({ ...empty, pattern: 'x' }), false)
  assert.equal(isWithoutConditions({ ...empty, access: 'write' }), false)
  assert.equal(isWithoutConditions({ ...empty, hoursAre: 'outside' }), false)
  assert.equal(isWithoutConditions({ ...empty, database: 'shop', message: 'm' }), true)
})

test('the days of the hours are numbers in their order', () => {
  const fields = { ...ruleFieldsOf(undefined), hoursAre: 'within' as const, days: ['5', '1', '3'] }
  assert.deepEqual(conditionsOf(fields).hours?.days, [1, 3, 5])
})
