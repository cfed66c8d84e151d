import type { Migration } from './migration.ts'
import { flag, id, instant, nullable, type Table, text, whole } from './table.ts'

const files: Table = {
  name: 'sql_files',
  columns: {
    id,
    name: text(120),
    database_id: id,
    sha256: text(64),
    sql_text: text(1_048_576),
    checks: text(4_000_000),
    is_valid: flag,
    is_transaction: flag,
    uploaded_by: id,
    uploaded_at: instant,
    approved_by: nullable(id),
    approved_at: nullable(instant),
    version: whole,
  },
  primary: ['id'],
  unique: [['name']],
  indexes: [['database_id'], ['uploaded_by']],
}

const runs: Table = {
  name: 'sql_file_runs',
  columns: {
    id,
    file_id: id,
    sha256: text(64),
    version: whole,
    approved_by: id,
    started_by: id,
    started_at: instant,
    /** The manager that executes it says so every second. */
    seen_at: instant,
    ended_at: nullable(instant),
    state: text(16),
    done: whole,
    statements: whole,
    is_cancel_asked: flag,
    error: text(2_000),
  },
  primary: ['id'],
  indexes: [['file_id', 'started_at'], ['state']],
}

export const sqlFiles: Migration = { name: '0005-sql-files', tables: [files, runs] }
