import type { Migration } from './migration.ts'
import { id, instant, type Table, text, whole } from './table.ts'

const habits: Table = {
  name: 'habits',
  columns: {
    id,
    database_id: id,
    principal_id: id,
    application: text(255),
    habit: text(16),
    state: text(16),
    sample: text(70_000),
    traits: text(60_000),
    traits_version: whole,
    seen: whole,
    first_seen_at: instant,
    last_seen_at: instant,
  },
  primary: ['id'],
  indexes: [['database_id'], ['principal_id']],
}

export const learning: Migration = { name: '0004-learning', tables: [habits] }
