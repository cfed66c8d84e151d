import type { Dialect } from '@articdbm/contract'
import { loadGrammars } from '@articdbm/sql'
import { type Command, Option } from 'commander'
import { inspectLines, inspectText } from './inspect.ts'

export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description(
      'judge SQL without executing it: JSON Lines {"id","sql"} on stdin, or one statement',
    )
    .argument('[sql]', 'a statement; "-" or nothing reads JSON Lines from stdin')
    .addOption(
      new Option('--dialect <dialect>', 'the grammar to read by')
        .choices(['postgres', 'mysql', 'sqlite'])
        .makeOptionMandatory(),
    )
    .action(async (sql: string | undefined, { dialect }: { dialect: Dialect }) => {
      if (sql === undefined || sql === '-') {
        await inspectLines(process.stdin, process.stdout, dialect)
        return
      }
      await loadGrammars()
      process.stdout.write(`${JSON.stringify(inspectText(null, sql, dialect))}\n`)
    })
}
