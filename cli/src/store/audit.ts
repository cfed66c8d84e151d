import type { AuditEntry } from '@articdbm/contract'
import type { Command } from 'commander'
import { withOperations } from './open.ts'
import { printLine, printTable } from './print.ts'

const FOLLOW_MS = 1_000
const MAX_SQL = 100

interface TailOptions {
  readonly lines: string
  readonly follow: boolean
}

export function addAudit(program: Command): void {
  const audit = program.command('audit').description('what was done')
  audit
    .command('tail')
    .description('the newest events, oldest first')
    .option('-n, --lines <number>', 'how many, at most 200', '20')
    .option('-f, --follow', 'go on showing new ones', false)
    .action(tail)
  audit
    .command('verify')
    .description('walk the hash chain; exit code 1 where it is broken')
    .action(verify)
}

async function tail({ lines, follow }: TailOptions): Promise<void> {
  const limit = Math.min(200, Math.max(1, Number.parseInt(lines, 10) || 20))
  await withOperations(async (operations) => {
    const first = (await operations.searchAudit({ limit })).toReversed()
    printTable(['AT', 'PERSON', 'ADDRESS', 'DOOR', 'DATABASE', 'VERDICT', 'WHAT'], first.map(row))
    const shown = new Set(first.map(({ id }) => id))
    while (follow) {
      await new Promise((resolve) => setTimeout(resolve, FOLLOW_MS))
      const newest = (await operations.searchAudit({ limit: 200 })).toReversed()
      for (const entry of newest.filter(({ id }) => !shown.has(id))) {
        shown.add(entry.id)
        printLine(row(entry).join('  '))
      }
    }
  })
}

function row(entry: AuditEntry): readonly string[] {
  const { at, principal, address, door, database, verdict, sql, action, object, message } = entry
  const what = sql || [action, object].filter(Boolean).join(' ') || message || 'log-in'
  const short = what.replace(/\s+/g, ' ').slice(0, MAX_SQL)
  return [at, principal, address, door, database || '-', verdict, short]
}

async function verify(): Promise<void> {
  const { isIntact, entries, broken, head } = await withOperations((operations) =>
    operations.verifyAudit(),
  )
  if (isIntact) {
    printLine(`intact: ${entries} entries, head ${head}`)
    return
  }
  const where = broken ? `entry ${broken.seq}, event ${broken.auditId}: ${broken.why}` : ''
  throw new Error(`broken at ${where}`)
}
