import type { Migration } from './migration.ts'
import { flag, id, instant, nullable, type Table, text, whole } from './table.ts'

const rules: Table = {
  name: 'rules',
  columns: {
    id,
    name: text(48),
    database_id: nullable(id),
    position: whole,
    is_on: flag,
    action: text(16),
    message: text(500),
    conditions: text(200_000),
    created_by: id,
    created_at: instant,
    updated_at: instant,
    version: whole,
  },
  primary: ['id'],
  unique: [['name']],
}

const bypasses: Table = {
  name: 'bypasses',
  columns: {
    id,
    database_id: id,
    rule: text(64),
    digest: text(64),
    principal_id: nullable(id),
    reason: text(500),
    created_by: id,
    created_at: instant,
    valid_until: instant,
    ended_at: nullable(instant),
  },
  primary: ['id'],
  indexes: [['database_id'], ['valid_until']],
}

export const firewall: Migration = { name: '0003-firewall', tables: [rules, bypasses] }
