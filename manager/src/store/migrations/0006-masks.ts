import type { Migration } from './migration.ts'
import { id, instant, type Table, text, whole } from './table.ts'

const masks: Table = {
  name: 'masks',
  columns: {
    id,
    database_id: id,
    table_name: text(260),
    table_key: text(260),
    column_name: text(128),
    column_key: text(128),
    form: text(16),
    except_roles: text(255),
    /** 200 ids. */
    except_principals: text(16_000),
    created_by: id,
    created_at: instant,
    updated_at: instant,
    version: whole,
  },
  primary: ['id'],
  unique: [['database_id', 'table_key', 'column_key']],
}

export const masking: Migration = { name: '0006-masks', tables: [masks] }
