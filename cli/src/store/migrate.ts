import { openOperations, readConfig } from '@articdbm/manager/operations'
import type { Command } from 'commander'
import { settings } from './open.ts'
import { printLine } from './print.ts'

export function addMigrate(program: Command): void {
  program
    .command('migrate')
    .description("bring the store's tables up to date")
    .action(async () => {
      await using operations = openOperations(readConfig(settings()))
      const applied = await operations.migrate()
      for (const name of applied) printLine(`applied ${name}`)
      if (applied.length === 0) printLine('up to date')
    })
}
