import type { Action } from '@articdbm/contract'
import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'
import { withOperations } from './open.ts'
import { printLine, printTable } from './print.ts'

const ACTIONS: readonly Action[] = ['read', 'write', 'admin']

interface AddOptions {
  readonly schema?: string
  readonly table?: string
  readonly actions: Action[]
  readonly until?: string
}

export function addGrant(program: Command): void {
  const grant = program.command('grant').description('who may do what')
  grant
    .command('add <user> <database>')
    .description('let somebody do something; without --table on every table of every schema')
    .requiredOption('--actions <list>', 'of read, write, admin, separated by commas', parseActions)
    .option('--table <name>', 'one table, or *')
    .option('--schema <name>', "another schema than the database's own, or *")
    .option('--until <instant>', 'when it ends, as 2027-01-31T00:00:00Z')
    .action(add)
  grant.command('list').description('list all grants').action(list)
  grant.command('revoke <id>').description('take a grant back at once').action(revoke)
}

async function add(user: string, database: string, options: AddOptions): Promise<void> {
  const { schema, table, actions, until } = options
  const added = await withOperations((operations) =>
    operations.addGrant({
      user,
      database,
      actions,
      ...(schema !== undefined && { schema }),
      ...(table !== undefined && { table }),
      ...(until !== undefined && { validUntil: until }),
    }),
  )
  printLine(`granted ${actions.join(', ')} on ${database} to ${user}: ${added.id}`)
}

async function list(): Promise<void> {
  const grants = await withOperations((operations) => operations.listGrants())
  printTable(
    ['ID', 'USER', 'DATABASE', 'SCHEMA', 'TABLE', 'ACTIONS', 'UNTIL'],
    grants.map(({ id, user, database, schema, table, actions, validUntil }) => {
      return [id, user, database, schema || '(default)', table, actions.join(','), validUntil]
    }),
  )
}

async function revoke(id: string): Promise<void> {
  await withOperations((operations) => operations.revokeGrant(id))
  printLine(`revoked ${id}`)
}

function parseActions(text: string): Action[] {
  const words = text.split(',').map((word) => word.trim())
  const actions = ACTIONS.filter((action) => words.includes(action))
  if (actions.length === words.length && actions.length > 0) return actions
  throw new InvalidArgumentError('actions are read, write and admin, separated by commas')
}
