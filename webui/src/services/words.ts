// The words that more than one page shows for the contract's values.
import type {
  Action,
  AuditEntry,
  DestructiveGuard,
  Engine,
  LearningMode,
  Role,
  RuleAction,
  TlsMode,
  VerdictAction,
} from '@articdbm/contract'

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

export const RULE_ACTIONS: Record<RuleAction, { readonly label: string; readonly hint: string }> = {
  block: { label: 'Block', hint: 'The statement is refused, with the message below' },
  alert: { label: 'Alert', hint: 'It is let through, and marked in the audit' },
  allow: {
    label: 'Allow',
    hint: 'Later rules are not asked; grants and injection are judged as ever',
  },
}

export const GUARDS: Record<DestructiveGuard, { readonly label: string; readonly hint: string }> = {
  off: { label: 'Off', hint: 'DROP, TRUNCATE and DELETE or UPDATE without WHERE pass like others' },
  alert: {
    label: 'Alert',
    hint: 'DROP, TRUNCATE and DELETE or UPDATE without WHERE are marked in the audit',
  },
  confirm: {
    label: 'Ask',
    hint: 'They are refused until repeated with a comment that the refusal names',
  },
  block: { label: 'Block', hint: 'They are refused' },
}

export const LEARNING: Record<LearningMode, { readonly label: string; readonly hint: string }> = {
  off: { label: 'Off', hint: 'What applications are known to send is not looked at' },
  alert: {
    label: 'Alert',
    hint: 'What an application was never seen to do is marked in the audit',
  },
  block: {
    label: 'Block',
    hint: 'It is refused, the surer the better the application is known; see Firewall, Learning',
  },
}

export const TLS_MODES: Record<TlsMode, { readonly label: string; readonly hint: string }> = {
  disable: { label: 'Off', hint: 'Never encrypted: only on a private network' },
  prefer: { label: 'Prefer', hint: 'Encrypted where the server offers it' },
  require: { label: 'Require', hint: 'Always encrypted; the certificate is not checked' },
  verify: { label: 'Verify', hint: "Always encrypted, and the server's certificate is checked" },
}
