import { randomUUID } from 'node:crypto'
import type { Mask, MaskChange, MaskCreation } from '@articdbm/contract'
import type { Kysely } from 'kysely'
import { administer } from '../audit/administer.ts'
import type { Base } from '../base.ts'
import { findDatabase } from '../databases/store.ts'
import { NotAcceptable } from '../http/faults.ts'
import type { Acting } from '../identity/services.ts'
import { foldKey, NotFound, type Schema, type Tx, updateVersion } from '../store/index.ts'
import { assertReadable } from './readable.ts'
import type { Masks } from './services.ts'
import {
  countMasks,
  deleteMask,
  findMask,
  insertMask,
  listMasks,
  type NamedMask,
  type Person,
  peopleNamed,
  peopleOf,
} from './store.ts'

const MAX_MASKS = 500

export function createMasks(base: Base): Masks {
  return {
    list: (query) =>
      base.store.read(async (db) => {
        const { rows, total } = await listMasks(db, query)
        return { items: await presentMasks(db, rows), total }
      }),
    add: (by, creation) => addMask(base, by, creation),
    change: (by, id, change) => changeMask(base, by, { id, change }),
    remove: (by, id) => removeMask(base, by, id),
  }
}

function addMask(base: Base, by: Acting, creation: MaskCreation): Promise<Mask> {
  assertReadable(creation)
  const at = base.now().toISOString()
  return administer(base, by, 'firewall', async (tx) => {
    const database = await findDatabase(tx, creation.database)
    if (!database) throw new NotFound(`database "${creation.database}"`)
    if ((await countMasks(tx, database.id)) >= MAX_MASKS) {
      throw new NotAcceptable(
        'too_many_masks',
        `this database has ${MAX_MASKS} masks already: one for hr.* holds for a column of all tables of a schema`,
      )
    }
    const id = randomUUID()
    await insertMask(tx, {
      id,
      database_id: database.id,
      table_name: creation.table,
      column_name: creation.column,
      form: creation.form,
      except_roles: JSON.stringify(creation.exceptRoles ?? []),
      except_principals: JSON.stringify(await idsOf(tx, creation.exceptUsers ?? [])),
      created_by: by.userId,
      created_at: at,
      updated_at: at,
      version: 1,
    })
    const result = await presented(tx, await existing(tx, id))
    return { result, action: 'mask.add', subject: subjectOf(result), before: null, after: result }
  })
}

interface IdentifiedChange {
  readonly id: string
  readonly change: MaskChange
}

function changeMask(base: Base, by: Acting, { id, change }: IdentifiedChange): Promise<Mask> {
  return administer(base, by, 'firewall', async (tx) => {
    const row = await existing(tx, id)
    const before = await presented(tx, row)
    const version = change.version ?? Number(row.version)
    const { form, exceptRoles, exceptUsers } = change
    await updateVersion(
      tx,
      'masks',
      { id, version },
      {
        form: form ?? row.form,
        except_roles: exceptRoles ? JSON.stringify(exceptRoles) : row.except_roles,
        except_principals: exceptUsers
          ? JSON.stringify(await idsOf(tx, exceptUsers))
          : row.except_principals,
        updated_at: base.now().toISOString(),
      },
    )
    const result = await presented(tx, await existing(tx, id))
    return { result, action: 'mask.change', subject: subjectOf(result), before, after: result }
  })
}

function removeMask(base: Base, by: Acting, id: string): Promise<void> {
  return administer(base, by, 'firewall', async (tx) => {
    const before = await presented(tx, await existing(tx, id))
    await deleteMask(tx, id)
    const subject = subjectOf(before)
    return { result: undefined, action: 'mask.remove', subject, before, after: null }
  })
}

async function idsOf(tx: Tx, names: readonly string[]): Promise<readonly string[]> {
  const people = await peopleNamed(tx, names)
  const known = new Set(people.map(({ name }) => foldKey(name)))
  const unknown = names.find((name) => !known.has(foldKey(name)))
  if (unknown !== undefined) throw new NotFound(`user "${unknown}"`)
  return people.map(({ id }) => id)
}

async function existing(tx: Tx, id: string): Promise<NamedMask> {
  const row = await findMask(tx, id)
  if (!row) throw new NotFound('this mask')
  return row
}

function subjectOf({ database, table, column }: Mask): string {
  return `mask:${table}.${column}@${database}`
}

async function presented(db: Kysely<Schema>, row: NamedMask): Promise<Mask> {
  return presentMask(row, await peopleOf(db, exceptedBy(row)))
}

async function presentMasks(db: Kysely<Schema>, rows: readonly NamedMask[]): Promise<Mask[]> {
  const people = await peopleOf(db, [...new Set(rows.flatMap(exceptedBy))])
  return rows.map((row) => presentMask(row, people))
}

function exceptedBy(row: NamedMask): readonly string[] {
  return JSON.parse(row.except_principals) as string[]
}

/** `people`: in the order of their names. */
function presentMask(row: NamedMask, people: readonly Person[]): Mask {
  const excepted = new Set(exceptedBy(row))
  return {
    id: row.id,
    database: row.database_name,
    table: row.table_name,
    column: row.column_name,
    form: row.form as Mask['form'],
    exceptRoles: JSON.parse(row.except_roles) as Mask['exceptRoles'],
    exceptUsers: people.filter(({ id }) => excepted.has(id)).map(({ name }) => name),
    createdBy: row.creator_name ?? (row.created_by || 'operator'),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: Number(row.version),
  }
}
