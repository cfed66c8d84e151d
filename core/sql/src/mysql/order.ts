import type { Reader } from './reader.ts'

/** The items of ORDER BY or GROUP BY. */
export function orderList(reader: Reader): void {
  reader.list(orderItem)
}

function orderItem(reader: Reader): void {
  reader.rules.expression(reader)
  if (!reader.accept('asc')) reader.accept('desc')
}
