import type { Migration } from './migration.ts'
import { flag, id, instant, nullable, real, type Table, text, whole } from './table.ts'

const json = text(60_000)
const name = text(128)

const users: Table = {
  name: 'users',
  columns: {
    id,
    name,
    name_key: name,
    display_name: text(255),
    role: text(64),
    password_hash: text(255),
    scram: text(1000),
    is_active: flag,
    must_change_password: flag,
    valid_until: nullable(instant),
    created_at: instant,
    updated_at: instant,
    version: whole,
  },
  primary: ['id'],
  unique: [['name_key']],
}

const apiKeys: Table = {
  name: 'api_keys',
  columns: {
    id,
    user_id: id,
    name,
    hash: text(128),
    prefix: text(32),
    last_used_at: nullable(instant),
    valid_until: nullable(instant),
    revoked_at: nullable(instant),
    created_at: instant,
  },
  primary: ['id'],
  unique: [['hash']],
  indexes: [['user_id']],
}

const logins: Table = {
  name: 'logins',
  columns: {
    id,
    user_id: id,
    token_hash: text(128),
    created_at: instant,
    last_seen_at: instant,
    valid_until: instant,
    address: text(64),
    user_agent: text(512),
    revoked_at: nullable(instant),
  },
  primary: ['id'],
  unique: [['token_hash']],
  indexes: [['user_id'], ['valid_until']],
}

const databases: Table = {
  name: 'databases',
  columns: {
    id,
    name,
    name_key: name,
    engine: text(32),
    target: text(1024),
    default_schema: name,
    credential_sealed: nullable(text(8000)),
    pool: json,
    policy: json,
    created_at: instant,
    updated_at: instant,
    version: whole,
  },
  primary: ['id'],
  unique: [['name_key']],
}

const backends: Table = {
  name: 'backends',
  columns: {
    id,
    database_id: id,
    host: text(255),
    port: whole,
    role: text(16),
    weight: whole,
    tls: text(16),
    position: whole,
  },
  primary: ['id'],
  indexes: [['database_id', 'position']],
}

const grants: Table = {
  name: 'grants',
  columns: {
    id,
    principal_id: id,
    database_id: id,
    schema_name: name,
    table_name: name,
    actions: text(255),
    valid_until: nullable(instant),
    created_by: id,
    created_at: instant,
    revoked_at: nullable(instant),
  },
  primary: ['id'],
  indexes: [['principal_id'], ['database_id']],
}

const auditLog: Table = {
  name: 'audit_log',
  columns: {
    id,
    kind: text(16),
    at: instant,
    gateway: text(64),
    session: text(64),
    door: text(16),
    principal_id: id,
    principal: text(255),
    address: text(64),
    application: text(255),
    database_id: id,
    database_name: text(255),
    action: text(64),
    subject: text(255),
    sql_text: text(1_000_000),
    sql_key: text(4_000),
    is_truncated: flag,
    digest: text(128),
    effects: text(4_000),
    relations: text(1_000_000),
    verdict: text(16),
    rule: text(128),
    score: whole,
    message: text(8_000),
    details: text(1_000_000),
    recorded_at: instant,
    outcome: nullable(text(16)),
    rows_count: nullable(whole),
    bytes_count: nullable(whole),
    duration_ms: nullable(real),
    error_code: nullable(text(32)),
    ended_at: nullable(instant),
  },
  primary: ['id'],
  // Newest first, by whatever the search narrows; read backwards.
  indexes: [
    ['at', 'id'],
    ['principal_id', 'at', 'id'],
    ['database_id', 'at', 'id'],
    ['door', 'at', 'id'],
    ['verdict', 'at', 'id'],
    ['digest', 'at', 'id'],
  ],
}

const auditChain: Table = {
  name: 'audit_chain',
  columns: { seq: whole, audit_id: id, kind: text(16), hash: text(128) },
  primary: ['seq'],
  unique: [['audit_id', 'kind']],
}

const auditHead: Table = {
  name: 'audit_head',
  columns: { name: text(64), seq: whole, hash: text(128) },
  primary: ['name'],
}

const settings: Table = {
  name: 'settings',
  columns: { name, value: json },
  primary: ['name'],
}

const counters: Table = {
  name: 'counters',
  columns: { name, value: whole },
  primary: ['name'],
}

const gateways: Table = {
  name: 'gateways',
  columns: { id, status: text(1_000_000), seen_at: instant },
  primary: ['id'],
}

export const first: Migration = {
  name: '0001-first',
  tables: [
    users,
    apiKeys,
    logins,
    databases,
    backends,
    grants,
    auditLog,
    auditChain,
    auditHead,
    settings,
    counters,
    gateways,
  ],
  counters: [{ name: 'revision', value: 0 }],
  heads: [{ name: 'audit', seq: 0, hash: '' }],
}
