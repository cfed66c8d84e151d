// articdbm: the command line of operators.
//
// What it is: `up` starts the three processes; `inspect` judges SQL; the rest works on the store by the manager's
// own operations, for whoever holds the master key.
// What it must never do: reach a managed database but through the gateway's door.
// Begin with up/up.ts and inspect/inspect.ts.
import { Fault } from '@articdbm/contract'
import { program } from 'commander'
import { addInspect } from './inspect/command.ts'
import { addAudit } from './store/audit.ts'
import { addDatabase } from './store/database.ts'
import { addGrant } from './store/grant.ts'
import { addMigrate } from './store/migrate.ts'
import { addUser } from './store/user.ts'
import { addUp } from './up/command.ts'

program.name('articdbm').description("one door to all of a company's databases")
for (const add of [addUp, addMigrate, addUser, addDatabase, addGrant, addInspect, addAudit]) {
  add(program)
}

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`articdbm: ${describeError(error)}\n`)
  process.exitCode = 1
}

function describeError(error: unknown): string {
  if (!(error instanceof Fault)) return error instanceof Error ? error.message : String(error)
  return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`
}
