import { randomUUID } from 'node:crypto'
import type { Rule, RuleChange, RuleConditions, RuleCreation } from '@articdbm/contract'
import type { Kysely } from 'kysely'
import { administer } from '../audit/administer.ts'
import type { Base } from '../base.ts'
import { findDatabase } from '../databases/store.ts'
import { NotAcceptable } from '../http/faults.ts'
import type { Acting } from '../identity/services.ts'
import { NotFound, type Schema, type Tx, UniqueViolation, updateVersion } from '../store/index.ts'
import { endBypassesOf } from './bypass-store.ts'
import { assertReadable } from './readable.ts'
import {
  deleteRule,
  findRule,
  insertRule,
  listRules,
  type NamedRule,
  placeRule,
  rulePlaces,
} from './rule-store.ts'
import type { Rules } from './services.ts'

const MAX_RULES = 500

export function createRules(base: Base, simulate: Rules['simulate']): Rules {
  return {
    list: async (query) => {
      const { rows, total } = await base.store.read((db) => listRules(db, query))
      return { items: rows.map(presentRule), total }
    },
    get: async (name) => presentRule(await base.store.read((db) => existing(db, name))),
    add: (by, creation) => addRule(base, by, creation),
    change: (by, name, change) => changeRule(base, by, { name, change }),
    remove: (by, name) => removeRule(base, by, name),
    simulate,
  }
}

function addRule(base: Base, by: Acting, creation: RuleCreation): Promise<Rule> {
  assertReadable(creation.conditions)
  const at = base.now().toISOString()
  return administer(base, by, 'firewall', async (tx) => {
    const places = await rulePlaces(tx)
    if (places.some(({ name }) => name === creation.name)) {
      throw new UniqueViolation('rules_name_unique')
    }
    if (places.length >= MAX_RULES) {
      throw new NotAcceptable('too_many_rules', `there are ${MAX_RULES} rules already`)
    }
    const id = randomUUID()
    await insertRule(tx, {
      id,
      name: creation.name,
      database_id: await databaseIdOf(tx, creation.database ?? null),
      position: (places.at(-1)?.position ?? 0) + 1,
      is_on: creation.isOn ?? false,
      action: creation.action,
      message: creation.message ?? '',
      conditions: JSON.stringify(creation.conditions),
      created_by: by.userId,
      created_at: at,
      updated_at: at,
      version: 1,
    })
    if (creation.before) await moveBefore(tx, creation.name, creation.before)
    const result = presentRule(await existing(tx, creation.name))
    const subject = `rule:${creation.name}`
    return { result, action: 'rule.add', subject, before: null, after: result }
  })
}

interface NamedChange {
  readonly name: string
  readonly change: RuleChange
}

function changeRule(base: Base, by: Acting, { name, change }: NamedChange): Promise<Rule> {
  if (change.conditions) assertReadable(change.conditions)
  return administer(base, by, 'firewall', async (tx) => {
    const row = await existing(tx, name)
    const version = change.version ?? Number(row.version)
    await updateVersion(
      tx,
      'rules',
      { id: row.id, version },
      {
        is_on: change.isOn ?? row.is_on,
        action: change.action ?? row.action,
        message: change.message ?? row.message,
        conditions: change.conditions ? JSON.stringify(change.conditions) : row.conditions,
        database_id:
          change.database === undefined ? row.database_id : await databaseIdOf(tx, change.database),
        updated_at: base.now().toISOString(),
      },
    )
    if (change.before !== undefined) await moveBefore(tx, name, change.before)
    const result = presentRule(await existing(tx, name))
    const before = presentRule(row)
    return { result, action: 'rule.change', subject: `rule:${name}`, before, after: result }
  })
}

function removeRule(base: Base, by: Acting, name: string): Promise<void> {
  return administer(base, by, 'firewall', async (tx) => {
    const row = await existing(tx, name)
    await deleteRule(tx, row.id)
    // Another rule of this name is not what somebody meant when they made the bypass.
    await endBypassesOf(tx, `rule.${name}`, base.now().toISOString())
    const before = presentRule(row)
    return {
      result: undefined,
      action: 'rule.remove',
      subject: `rule:${name}`,
      before,
      after: null,
    }
  })
}

/** In front of another rule, or to the end. Positions are counted anew: they are few, and two at once may have met. */
async function moveBefore(tx: Tx, name: string, before: string | null): Promise<void> {
  const places = await rulePlaces(tx)
  const moved = places.filter((place) => place.name === name)
  const others = places.filter((place) => place.name !== name)
  const at = before === null ? others.length : others.findIndex((place) => place.name === before)
  if (at < 0) throw new NotFound(`rule "${before}"`)
  const order = [...others.slice(0, at), ...moved, ...others.slice(at)]
  for (const [index, { id, position }] of order.entries()) {
    if (position !== index + 1) await placeRule(tx, id, index + 1)
  }
}

async function databaseIdOf(tx: Tx, name: string | null): Promise<string | null> {
  if (name === null) return null
  const database = await findDatabase(tx, name)
  if (!database) throw new NotFound(`database "${name}"`)
  return database.id
}

async function existing(db: Kysely<Schema>, name: string): Promise<NamedRule> {
  const row = await findRule(db, name)
  if (!row) throw new NotFound(`rule "${name}"`)
  return row
}

function presentRule(row: NamedRule): Rule {
  return {
    name: row.name,
    database: row.database_name,
    isOn: row.is_on,
    action: row.action as Rule['action'],
    message: row.message,
    conditions: JSON.parse(row.conditions) as RuleConditions,
    createdBy: row.creator_name ?? (row.created_by || 'operator'),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: Number(row.version),
  }
}
