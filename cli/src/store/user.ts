import type { Role } from '@articdbm/contract'
import { type Command, Option } from 'commander'
import { withOperations } from './open.ts'
import { printLine, printTable } from './print.ts'
import { askSecret } from './secret-input.ts'

const ROLES = ['admin', 'maintainer', 'viewer']

interface AddOptions {
  readonly role: Role
  readonly displayName?: string
  readonly until?: string
}

export function addUser(program: Command): void {
  const user = program.command('user').description('people')
  user
    .command('add <name>')
    .description('add somebody; prints a one-time password, once')
    .addOption(new Option('--role <role>', 'what they may do').choices(ROLES).default('viewer'))
    .option('--display-name <text>', 'their name in full')
    .option('--until <instant>', 'when the account ends, as 2027-01-31T00:00:00Z')
    .action(add)
  user.command('list').description('list everybody').action(list)
  user
    .command('passwd <name>')
    .description('give somebody a new one-time password')
    .option('--ask', 'ask for the password instead of making one', false)
    .action(passwd)
}

async function add(name: string, { role, displayName, until }: AddOptions): Promise<void> {
  const { oneTimePassword } = await withOperations((operations) =>
    operations.addUser({
      name,
      role,
      ...(displayName !== undefined && { displayName }),
      ...(until !== undefined && { validUntil: until }),
    }),
  )
  printLine(`added ${name} (${role}); one-time password, shown only now: ${oneTimePassword}`)
}

async function list(): Promise<void> {
  const users = await withOperations((operations) => operations.listUsers())
  printTable(
    ['NAME', 'ROLE', 'STATE', 'UNTIL'],
    users.map(({ name, role, isActive, validUntil }) => {
      return [name, role, isActive ? 'active' : 'inactive', validUntil]
    }),
  )
}

async function passwd(name: string, { ask }: { ask: boolean }): Promise<void> {
  const given = ask ? await askSecret(`new password of ${name}: `) : undefined
  const made = await withOperations((operations) => operations.setPassword(name, given))
  printLine(
    made === undefined
      ? `${name} has the new password`
      : `one-time password of ${name}, shown only now: ${made}`,
  )
}
