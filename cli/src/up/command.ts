import type { Command } from 'commander'
import { up } from './up.ts'

export function addUp(program: Command): void {
  program
    .command('up')
    .description('start gateway, manager and web UI on this machine')
    .option('--demo', 'with the demo database "shop"', false)
    .action(async ({ demo }: { demo: boolean }) => {
      await up({ demo })
      process.exit(0)
    })
}
