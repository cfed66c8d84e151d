// The words that more than one page shows for the contract's values.
import type { Action, AuditEntry, Engine, Role, TlsMode, VerdictAction } from '@articdbm/contract'

export const ROLES: Record<Role, { readonly label: string; readonly hint: string }> = {
  admin: { label: 'Admin', hint: 'May administer everything, users and grants included' },
  maintainer: { label: 'Maintainer', hint: 'May administer databases and see the audit' },
  viewer: { label: 'Viewer', hint: 'May use the databases that grants open' },
}

export const ENGINES: Record<Engine, string> = {
  postgres: 'PostgreSQL',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
  galera: 'MariaDB Galera',
  sqlite: 'SQLite',
}

export const ACTIONS: Record<Action, { readonly label: string; readonly hint: string }> = {
  read: { label: 'read', hint: 'SELECT, SHOW, DESCRIBE, EXPLAIN' },
  write: { label: 'write', hint: 'INSERT, UPDATE, DELETE, MERGE' },
  admin: { label: 'admin', hint: 'CREATE, ALTER, DROP, GRANT' },
}

export const DOORS: Record<AuditEntry['door'], string> = {
  postgres: 'PostgreSQL wire',
  mysql: 'MySQL wire',
  rest: 'REST',
  console: 'Console',
  web: 'Administration',
}

export const VERDICTS: Record<VerdictAction, string> = {
  allow: 'Allowed',
  alert: 'Alert',
  block: 'Denied',
}

export const TLS_MODES: Record<TlsMode, { readonly label: string; readonly hint: string }> = {
  disable: { label: 'Off', hint: 'Never encrypted: only on a private network' },
  prefer: { label: 'Prefer', hint: 'Encrypted where the server offers it' },
  require: { label: 'Require', hint: 'Always encrypted; the certificate is not checked' },
  verify: { label: 'Verify', hint: "Always encrypted, and the server's certificate is checked" },
}
