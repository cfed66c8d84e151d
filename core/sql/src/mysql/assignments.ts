import { columnName } from './names.ts'
import type { Reader } from './reader.ts'

/** `a = 1, t.b = DEFAULT`: the columns' names in parts. */
export function assignments(reader: Reader): readonly (readonly string[])[] {
  const columns: (readonly string[])[] = []
  reader.list(() => columns.push(assignment(reader)))
  return columns
}

function assignment(reader: Reader): readonly string[] {
  const column = columnName(reader)
  if (!reader.accept('=')) reader.expect(':=')
  reader.rules.expression(reader)
  return column
}
