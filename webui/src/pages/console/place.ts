/** One cell of a result. */
export interface Place {
  readonly row: number
  readonly column: number
}

export function cellId(result: number, { row, column }: Place): string {
  return `cell-${result}-${row}-${column}`
}
