import { randomUUID } from 'node:crypto'
import type { Bypass, BypassCreation } from '@articdbm/contract'
import { administer } from '../audit/administer.ts'
import type { Base } from '../base.ts'
import { findDatabase } from '../databases/store.ts'
import { NotAcceptable } from '../http/faults.ts'
import type { Acting } from '../identity/services.ts'
import { findUser } from '../identity/store.ts'
import { isoInstant } from '../instant.ts'
import { NotFound, type Tx } from '../store/index.ts'
import {
  countOpenBypasses,
  endBypass,
  findBypass,
  insertBypass,
  listBypasses,
  type NamedBypass,
} from './bypass-store.ts'
import type { Bypasses } from './services.ts'

const MAX_OPEN = 1_000
const DAY_MS = 86_400_000
const MAX_DAYS = 90

export function createBypasses(base: Base): Bypasses {
  return {
    list: async (query) => {
      const now = base.now().toISOString()
      const { rows, total } = await base.store.read((db) => listBypasses(db, query, now))
      return { items: rows.map(presentBypass), total }
    },
    add: (by, creation) => addBypass(base, by, creation),
    end: (by, id) => end(base, by, id),
  }
}

function addBypass(base: Base, by: Acting, creation: BypassCreation): Promise<Bypass> {
  const now = base.now()
  const validUntil = endOf(creation, now)
  const { digest = null, user = null } = creation
  if (digest === null && user === null) {
    throw new NotAcceptable(
      'bypass_too_wide',
      'a bypass is for one statement or one person: name a digest or a user',
    )
  }
  return administer(base, by, 'firewall', async (tx) => {
    if ((await countOpenBypasses(tx, now.toISOString())) >= MAX_OPEN) {
      throw new NotAcceptable(
        'too_many_bypasses',
        `there are ${MAX_OPEN} open bypasses already: end some of them, or change the rule`,
      )
    }
    const database = await findDatabase(tx, creation.database)
    if (!database) throw new NotFound(`database "${creation.database}"`)
    const id = randomUUID()
    await insertBypass(tx, {
      id,
      database_id: database.id,
      rule: creation.rule,
      digest: digest ?? '',
      principal_id: user === null ? null : await idOf(tx, user),
      reason: creation.reason,
      created_by: by.userId,
      created_at: now.toISOString(),
      valid_until: validUntil,
      ended_at: null,
    })
    const result = presentBypass(await existing(tx, id))
    const subject = subjectOf(result)
    return { result, action: 'bypass.add', subject, before: null, after: result }
  })
}

function endOf({ validUntil }: BypassCreation, now: Date): string {
  const end = isoInstant(validUntil)
  const left = Date.parse(end) - now.getTime()
  if (left <= 0) throw new NotAcceptable('already_expired', 'this bypass would have ended already')
  if (left <= MAX_DAYS * DAY_MS) return end
  throw new NotAcceptable(
    'bypass_too_long',
    `a bypass ends within ${MAX_DAYS} days: what is to stay is a rule`,
  )
}

async function idOf(tx: Tx, name: string): Promise<string> {
  const person = await findUser(tx, name)
  if (!person) throw new NotFound(`user "${name}"`)
  return person.id
}

function end(base: Base, by: Acting, id: string): Promise<void> {
  return administer(base, by, 'firewall', async (tx) => {
    const before = presentBypass(await existing(tx, id))
    const now = base.now().toISOString()
    if (before.endedAt !== null || before.validUntil <= now) {
      throw new NotAcceptable('already_ended', 'this bypass has ended already')
    }
    await endBypass(tx, id, now)
    const after = { ...before, endedAt: now }
    return { result: undefined, action: 'bypass.end', subject: subjectOf(before), before, after }
  })
}

async function existing(tx: Tx, id: string): Promise<NamedBypass> {
  const row = await findBypass(tx, id)
  if (!row) throw new NotFound('this bypass')
  return row
}

function subjectOf({ rule, database }: Bypass): string {
  return `bypass:${rule}@${database}`
}

function presentBypass(row: NamedBypass): Bypass {
  return {
    id: row.id,
    database: row.database_name,
    rule: row.rule,
    digest: row.digest === '' ? null : row.digest,
    user: row.user_name,
    reason: row.reason,
    validUntil: row.valid_until,
    createdBy: row.creator_name ?? (row.created_by || 'operator'),
    createdAt: row.created_at,
    endedAt: row.ended_at,
  }
}
