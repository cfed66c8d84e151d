import type { Ports } from './ports.ts'
import type { Prepared } from './prepare.ts'

/** Addresses, the first password and lines to paste. */
export function printWelcome(ports: Ports, prepared: Prepared): void {
  const { administrator, password, isDemo } = prepared
  const lines = [
    '',
    '  ArticDBM is up.',
    '',
    `  Web UI      http://localhost:${ports.webui}`,
    `  REST        http://localhost:${ports.manager}/api/v1   (documentation: /api/docs)`,
    `  PostgreSQL  127.0.0.1:${ports.postgres}`,
    `  MySQL       127.0.0.1:${ports.mysql}`,
    `  Metrics     http://localhost:${ports.metrics}/metrics`,
    '',
    ...credentialLines(administrator, password),
    ...(isDemo ? pasteLines(ports, administrator, password) : []),
    '  Ctrl-C drains and stops everything.',
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

function credentialLines(administrator: string, password: string | undefined): readonly string[] {
  if (password === undefined) {
    return [
      `  Log in as   ${administrator}, with the password you chose`,
      `              (forgotten? ./articdbm user passwd ${administrator})`,
      '',
    ]
  }
  return [
    `  Log in as   ${administrator}`,
    `  Password    ${password}   (one-time: the web UI asks for a new one)`,
    '',
  ]
}

function pasteLines(ports: Ports, user: string, password: string | undefined): readonly string[] {
  const secret = password ?? '<your password>'
  return [
    '  The demo database, with the clients you have:',
    '',
    `  PGPASSWORD='${secret}' psql -h 127.0.0.1 -p ${ports.postgres} -U ${user} shop -c 'SELECT * FROM order_totals LIMIT 5'`,
    `  mysql --ssl -h 127.0.0.1 -P ${ports.mysql} -u ${user} -p'${secret}' shop -e 'SELECT * FROM order_totals LIMIT 5'`,
    '',
  ]
}
