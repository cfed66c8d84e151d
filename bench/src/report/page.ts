// The part of docs/BENCHMARKS.md that is written by the program.

const BEGIN = '<!-- made by `make bench`: begin -->'
const END = '<!-- made by `make bench`: end -->'

/** The page with a new middle; throws where the markers are missing rather than guess. */
export function replaceBetweenMarkers(page: string, made: string): string {
  const from = page.indexOf(BEGIN)
  const to = page.indexOf(END)
  if (from === -1 || to < from) throw new Error('the page has no markers for what is made')
  return `${page.slice(0, from)}${BEGIN}\n\n${made.trim()}\n\n${page.slice(to)}`
}
