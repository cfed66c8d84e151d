// Complete rows for tests; each test says only what it is about.
import { randomUUID } from 'node:crypto'
import { foldKey, foldText, type NewRow } from '../../manager/src/store/index.ts'

const AT = '2026-01-31T12:00:00.000Z'

export function userRow(part: Partial<NewRow<'users'>> = {}): NewRow<'users'> {
  const name = part.name ?? 'anna'
  return {
    id: randomUUID(),
    name,
    name_key: foldKey(name),
    display_name: '',
    role: 'viewer',
    password_hash: '',
    scram: '{}',
    is_active: true,
    must_change_password: false,
    valid_until: null,
    created_at: AT,
    updated_at: AT,
    version: 1,
    ...part,
  }
}

export function auditRow(part: Partial<NewRow<'audit_log'>> = {}): NewRow<'audit_log'> {
  const sql = part.sql_text ?? 'SELECT 1'
  return {
    id: randomUUID(),
    kind: 'statement',
    at: AT,
    gateway: 'g1',
    session: 's1',
    door: 'postgres',
    principal_id: 'p1',
    principal: 'anna',
    address: '127.0.0.1',
    application: 'psql',
    database_id: 'd1',
    database_name: 'shop',
    action: '',
    subject: '',
    sql_text: sql,
    sql_key: foldText(sql),
    is_truncated: false,
    digest: 'abc',
    effects: '["read"]',
    relations: '[]',
    verdict: 'allow',
    rule: '',
    score: 0,
    message: '',
    details: '{}',
    recorded_at: AT,
    outcome: null,
    rows_count: null,
    bytes_count: null,
    duration_ms: null,
    error_code: null,
    ended_at: null,
    ...part,
  }
}
