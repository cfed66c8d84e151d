import { randomUUID } from 'node:crypto'
import type { Action, Grant, GrantCreation } from '@articdbm/contract'
import { administer } from '../audit/administer.ts'
import type { Base } from '../base.ts'
import { findDatabase } from '../databases/store.ts'
import { NotAcceptable } from '../http/faults.ts'
import type { Acting } from '../identity/services.ts'
import { findUser } from '../identity/store.ts'
import { isoInstantOrNull } from '../instant.ts'
import { NotFound, type Tx } from '../store/index.ts'
import type { Grants } from './services.ts'
import { findGrant, insertGrant, listGrants, type NamedGrant, revokeGrant } from './store.ts'

export function createGrants(base: Base): Grants {
  return {
    list: async (query) => {
      const { rows, total } = await base.store.read((db) => listGrants(db, query))
      return { items: rows.map(presentGrant), total }
    },
    add: (by, creation) => addGrant(base, by, creation),
    revoke: (by, id) => revoke(base, by, id),
  }
}

async function addGrant(base: Base, by: Acting, creation: GrantCreation): Promise<Grant> {
  const now = base.now()
  const validUntil = isoInstantOrNull(creation.validUntil)
  if (validUntil !== null && new Date(validUntil) <= now) {
    throw new NotAcceptable('already_expired', 'this grant would have expired already')
  }
  return administer(base, by, 'grants', async (tx) => {
    const { userId, databaseId } = await named(tx, creation)
    const id = randomUUID()
    await insertGrant(tx, {
      id,
      principal_id: userId,
      database_id: databaseId,
      schema_name: schemaOf(creation),
      table_name: creation.table ?? '*',
      actions: JSON.stringify(creation.actions),
      valid_until: validUntil,
      created_by: by.userId,
      created_at: now.toISOString(),
      revoked_at: null,
    })
    const result = presentGrant(await existing(tx, id))
    return { result, action: 'grant.add', subject: subjectOf(result), before: null, after: result }
  })
}

async function named(tx: Tx, { user, database }: GrantCreation) {
  const person = await findUser(tx, user)
  if (!person) throw new NotFound(`user "${user}"`)
  const target = await findDatabase(tx, database)
  if (!target) throw new NotFound(`database "${database}"`)
  return { userId: person.id, databaseId: target.id }
}

function revoke(base: Base, by: Acting, id: string): Promise<void> {
  return administer(base, by, 'grants', async (tx) => {
    const before = presentGrant(await existing(tx, id))
    await revokeGrant(tx, id, base.now().toISOString())
    const subject = subjectOf(before)
    return { result: undefined, action: 'grant.revoke', subject, before, after: null }
  })
}

async function existing(tx: Tx, id: string): Promise<NamedGrant> {
  const row = await findGrant(tx, id)
  if (!row) throw new NotFound('this grant')
  return row
}

function subjectOf({ user, database }: Grant): string {
  return `grant:${user}@${database}`
}

function presentGrant(row: NamedGrant): Grant {
  return {
    id: row.id,
    user: row.user_name,
    database: row.database_name,
    schema: row.schema_name,
    table: row.table_name,
    actions: JSON.parse(row.actions) as Action[],
    validUntil: row.valid_until,
    createdAt: row.created_at,
    createdBy: row.creator_name ?? (row.created_by || 'operator'),
  }
}

/** Everything where nothing is named; a table alone is one of the database's own schema. */
function schemaOf({ schema, table = '*' }: GrantCreation): string {
  return schema ?? (table === '*' ? '*' : '')
}
