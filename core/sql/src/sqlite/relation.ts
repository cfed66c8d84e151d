import { dangerOfTable } from './functions.ts'
import { fold } from './lex.ts'
import { readPragmaTable } from './pragma.ts'
import type { Reader } from './reader.ts'
import { isOperator } from './words.ts'

interface Called {
  readonly name: string
  readonly start: number
}

/** A table, view, CTE or table-valued function that is read: in FROM and after IN. */
export function readTable(reader: Reader, args: (reader: Reader) => void): void {
  const start = reader.next?.start ?? 0
  const named = reader.qualifiedName()
  if (named.name.startsWith('pragma_')) pragmaTable(reader, { name: named.name, start }, args)
  else if (reader.seesOperator('(')) {
    reader.findings.callAs(named.name, dangerOfTable(named.name), start)
    tableArguments(reader, args)
  } else reader.read(named)
}

function tableArguments(reader: Reader, args: (reader: Reader) => void): void {
  reader.parenthesized(() => {
    if (!reader.seesOperator(')')) args(reader)
  })
}

/** pragma_table_info('t'): the table it describes is read. Any other argument may name any table. */
function pragmaTable(reader: Reader, called: Called, args: (reader: Reader) => void): void {
  const hasArguments = reader.seesOperator('(')
  const argument = reader.ahead(1)
  const isPlain =
    hasArguments && argument?.kind === 'string' && isOperator(reader.ahead(2), ')', ',')
  readPragmaTable(reader, called, isPlain ? fold(argument.value) : undefined)
  if (hasArguments) tableArguments(reader, args)
}
