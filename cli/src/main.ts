// articdbm: the command line of operators.
//
// What it is: `up` starts the three processes; `inspect` judges SQL; the rest works on the store by the manager's
// own operations, for whoever holds the master key.
// What it must never do: reach a managed database but through the gateway's door.
// Begin with up/up.ts and inspect/inspect.ts.
import { program } from 'commander'
import { addInspect } from './inspect/command.ts'

program.name('articdbm').description("one door to all of a company's databases")
addInspect(program)
await program.parseAsync()
