/** Rows as columns of text, for a terminal; tabs-free, so that `awk` reads them too. */
export function printTable(
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): void {
  const lines = [header, ...rows.map((row) => row.map((cell) => printable(cell)))]
  const widths = header.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  for (const line of lines) {
    const cells = line.map((cell, at) => cell.padEnd(widths[at] ?? 0))
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`)
  }
}

export function printLine(text: string): void {
  process.stdout.write(`${text}\n`)
}

/** Control characters in somebody's SQL must not reach the terminal. */
function printable(cell: string | number | null): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  return String(cell ?? '-').replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
}
