import { quoted } from '../quoted.ts'

/** SET what is wanted and RESET what was another session's, as one query; '' where nothing differs. */
export function changesBetween(
  from: ReadonlyMap<string, string>,
  to: ReadonlyMap<string, string>,
): string {
  const sets = [...to]
    .filter(([name, value]) => from.get(name) !== value)
    .map(([name, value]) => setting(name, value))
  const resets = [...from.keys()].filter((name) => !to.has(name)).map((name) => `RESET ${name}`)
  return [...sets, ...resets].join(';')
}

/** SET takes a string for the name of one schema; what was said at log-in is a list of them. */
function setting(name: string, value: string): string {
  if (name !== 'search_path') return `SET ${name} = ${quoted(value)}`
  return `SELECT pg_catalog.set_config('${name}', ${quoted(value)}, false)`
}
