// The rows of our own state, as every engine returns them. Columns named is_/must_/has_ are booleans.
import type { ColumnType, Insertable, Selectable } from 'kysely'

/** RFC 3339 in UTC with milliseconds, as text on every engine: its order is the order of time. */
export type InstantText = string
/** A value of JSON.stringify. */
export type JsonText = string
/** Comes back as a number, or as a bigint where a number would not be exact. */
export type Whole = ColumnType<number, number | bigint, number | bigint>

export interface UserRow {
  id: string
  name: string
  /** `foldKey(name)`: unique. */
  name_key: string
  display_name: string
  role: string
  password_hash: string
  /** A ScramVerifier of the contract. */
  scram: JsonText
  is_active: boolean
  must_change_password: boolean
  valid_until: InstantText | null
  /** A UserPooling of the contract; null: an empty one. */
  pooling: JsonText | null
  created_at: InstantText
  updated_at: InstantText
  version: Whole
}

export interface ApiKeyRow {
  id: string
  user_id: string
  name: string
  hash: string
  prefix: string
  last_used_at: InstantText | null
  valid_until: InstantText | null
  revoked_at: InstantText | null
  created_at: InstantText
}

/** A person's web session. */
export interface LoginRow {
  id: string
  user_id: string
  token_hash: string
  created_at: InstantText
  last_seen_at: InstantText
  valid_until: InstantText
  address: string
  user_agent: string
  revoked_at: InstantText | null
}

export interface DatabaseRow {
  id: string
  name: string
  /** `foldKey(name)`: unique. */
  name_key: string
  engine: string
  target: string
  default_schema: string
  credential_sealed: string | null
  pool: JsonText
  policy: JsonText
  created_at: InstantText
  updated_at: InstantText
  version: Whole
}

export interface BackendRow {
  id: string
  database_id: string
  host: string
  port: Whole
  role: string
  weight: Whole
  tls: string
  position: Whole
}

export interface GrantRow {
  id: string
  principal_id: string
  database_id: string
  schema_name: string
  table_name: string
  /** A JSON array of the contract's actions. */
  actions: JsonText
  valid_until: InstantText | null
  created_by: string
  created_at: InstantText
  revoked_at: InstantText | null
}

/** A rule of one's own, in the order of `position`. */
export interface RuleRow {
  id: string
  /** Unique. */
  name: string
  /** Null: of all databases. */
  database_id: string | null
  position: Whole
  is_on: boolean
  action: string
  message: string
  /** RuleConditions of the contract. */
  conditions: JsonText
  created_by: string
  created_at: InstantText
  updated_at: InstantText
  version: Whole
}

export interface BypassRow {
  id: string
  database_id: string
  rule: string
  /** '' for any statement. */
  digest: string
  /** Null: everybody's. */
  principal_id: string | null
  reason: string
  created_by: string
  created_at: InstantText
  valid_until: InstantText
  ended_at: InstantText | null
}

/** What people see of a column instead of what it holds. */
export interface MaskRow {
  id: string
  database_id: string
  table_name: string
  /** `foldKey(table_name)`: unique with the database and the column's. */
  table_key: string
  column_name: string
  /** `foldKey(column_name)`. */
  column_key: string
  form: string
  /** A JSON array of the contract's roles. */
  except_roles: JsonText
  /** A JSON array of people's ids. */
  except_principals: JsonText
  created_by: string
  created_at: InstantText
  updated_at: InstantText
  version: Whole
}

/** What one person's application does on one database, learnt from the audit. */
export interface HabitRow {
  /** A hash of the four columns behind it. */
  id: string
  database_id: string
  principal_id: string
  application: string
  /** `habitOf` its traits. */
  habit: string
  /** learnt, promoted or denied. */
  state: string
  sample: string
  /** Keys of its traits, as `traits_version` makes them of the sample. */
  traits: JsonText
  traits_version: Whole
  /** In the longest time that was learnt at once. */
  seen: Whole
  first_seen_at: InstantText
  last_seen_at: InstantText
}

export interface AuditRow {
  id: string
  /** statement, session or admin. */
  kind: string
  at: InstantText
  gateway: string
  session: string
  door: string
  principal_id: string
  principal: string
  address: string
  application: string
  database_id: string
  database_name: string
  /** Of an administrative event: what was done, as `user.created`. */
  action: string
  /** Of an administrative event: to what, by id. */
  subject: string
  sql_text: string
  /** `foldText(sql_text)`, cut to its limit: what a search looks into. */
  sql_key: string
  is_truncated: boolean
  digest: string
  effects: JsonText
  relations: JsonText
  verdict: string
  rule: string
  score: Whole
  message: string
  details: JsonText
  recorded_at: InstantText
  outcome: string | null
  rows_count: Whole | null
  bytes_count: Whole | null
  duration_ms: number | null
  error_code: string | null
  ended_at: InstantText | null
}

/** One link for each event as it was taken. The row of `seq` 0 is the head's anchor. */
export interface AuditChainRow {
  seq: Whole
  audit_id: string
  /** recorded or ended. */
  kind: string
  hash: string
}

/** The chain's newest link, locked by whoever appends. One row, named `audit`. */
export interface AuditHeadRow {
  name: string
  seq: Whole
  hash: string
}

export interface LeaseRow {
  name: string
  owner: string
  valid_until: InstantText
}

export interface SettingRow {
  name: string
  value: string
}

/** `revision` counts every change that a snapshot shows. */
export interface CounterRow {
  name: string
  value: Whole
}

export interface GatewayRow {
  id: string
  status: JsonText
  seen_at: InstantText
}

export interface SchemaMigrationRow {
  name: string
  applied_at: InstantText
}

export interface SqlFileRow {
  id: string
  name: string
  database_id: string
  sha256: string
  sql_text: string
  /** SqlFileChecks of the contract. */
  checks: JsonText
  is_valid: boolean
  is_transaction: boolean
  uploaded_by: string
  uploaded_at: InstantText
  /** Of this very text; null once it changes. */
  approved_by: string | null
  approved_at: InstantText | null
  version: Whole
}

export interface SqlFileRunRow {
  id: string
  file_id: string
  sha256: string
  version: Whole
  approved_by: string
  started_by: string
  started_at: InstantText
  seen_at: InstantText
  ended_at: InstantText | null
  state: string
  done: Whole
  statements: Whole
  is_cancel_asked: boolean
  error: string
}

export interface Schema {
  users: UserRow
  api_keys: ApiKeyRow
  logins: LoginRow
  databases: DatabaseRow
  backends: BackendRow
  grants: GrantRow
  rules: RuleRow
  bypasses: BypassRow
  masks: MaskRow
  habits: HabitRow
  sql_files: SqlFileRow
  sql_file_runs: SqlFileRunRow
  audit_log: AuditRow
  audit_chain: AuditChainRow
  audit_head: AuditHeadRow
  leases: LeaseRow
  settings: SettingRow
  counters: CounterRow
  gateways: GatewayRow
  schema_migrations: SchemaMigrationRow
}

export type TableName = keyof Schema

/** A row as it is written. */
export type NewRow<T extends TableName> = Insertable<Schema[T]>
/** A row as it comes back. */
export type StoredRow<T extends TableName> = Selectable<Schema[T]>
