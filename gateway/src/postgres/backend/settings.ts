/** SET what is wanted and RESET what was another session's, as one query; '' where nothing differs. */
export function changesBetween(
  from: ReadonlyMap<string, string>,
  to: ReadonlyMap<string, string>,
): string {
  const sets = [...to]
    .filter(([name, value]) => from.get(name) !== value)
    .map(([name, value]) => `SET ${name} = '${value.replaceAll("'", "''")}'`)
  const resets = [...from.keys()].filter((name) => !to.has(name)).map((name) => `RESET ${name}`)
  return [...sets, ...resets].join(';')
}
