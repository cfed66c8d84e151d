// Outcomes as tables, for the terminal and for the page.
import { FIGURES, type Figure } from '../measure/figures.ts'
import { median } from '../measure/statistics.ts'
import type { Outcome, Reading } from '../rows/measure-row.ts'
import { WAY_NAMES, type WayName } from '../ways/way.ts'
import type { Judged } from './judge.ts'

const SHOWN: readonly Figure[] = [
  'throughput',
  'p50Ms',
  'p99Ms',
  'proxyCpu',
  'managerCpu',
  'serverCpu',
  'residentMb',
  'auditLagMs',
  'foreignCpu',
]

export function goalsTable(judged: readonly Judged[]): string {
  const rows = judged.map(({ row, title, goal, value, lowest, highest, verdict }) => [
    row,
    `${title}: ${goal.measure}`,
    againstOf(goal),
    `${goal.bound.kind === 'at least' ? '≥' : '≤'} ${goal.bound.value}${unitOf(goal)}`,
    value === undefined ? '–' : `${short(value)}${unitOf(goal)}`,
    value === undefined ? '–' : `${short(lowest)}–${short(highest)}`,
    verdict,
  ])
  return table(['row', 'measure', 'against', 'goal', 'median', 'range', 'verdict'], rows)
}

/** The medians of what was read, a line a way; '' of rows that are looked at once. */
export function figuresTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.flatMap(({ row, readings }) =>
    row.rounds === 'once'
      ? []
      : row.ways.map((way) => [
          row.name,
          WAY_NAMES[way],
          row.unit,
          ...SHOWN.map((figure) => medianOf(readings, way, figure)),
        ]),
  )
  return rows.length === 0
    ? ''
    : table(['row', 'way', 'unit', ...SHOWN.map((figure) => FIGURES[figure])], rows)
}

export function notesList(outcomes: readonly Outcome[]): string {
  return outcomes
    .flatMap(({ row, notes, failure }) => [
      ...notes.map((note) => `- ${row.name}: ${note}.`),
      ...(failure === '' ? [] : [`- ${row.name} could not be measured: ${oneLine(failure)}`]),
    ])
    .join('\n')
}

function againstOf({ comparison }: Judged['goal']): string {
  return comparison.kind === 'absolute' ? '' : WAY_NAMES[comparison.against]
}

function unitOf({ comparison }: Judged['goal']): string {
  return comparison.kind === 'absolute' ? ` ${comparison.unit}` : ''
}

function medianOf(readings: readonly Reading[], way: WayName, figure: Figure): string {
  const values = readings
    .filter((reading) => reading.way === way)
    .flatMap(({ figures }) => figures[figure] ?? [])
  const value = median(values)
  return value === undefined ? '' : short(value)
}

/** Three digits that mean something, without an exponent. */
export function short(value: number): string {
  const size = Math.abs(value)
  if (size >= 100 || size === 0) return value.toFixed(0)
  if (size >= 10) return value.toFixed(1)
  return value.toFixed(size >= 1 ? 2 : 3)
}

/** Columns as wide as their widest cell, so that it reads without a browser, too. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, at) =>
    Math.max(3, ...[header, ...rows].map((row) => row[at]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`
  return [line(header), rule, ...rows.map(line)].join('\n')
}

/** What programs say may hold a path, and what would end a line or a cell. */
function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/\/\S*\/\S*/g, '…')
    .replace(/[|<>`]/g, ' ')
    .slice(0, 200)
}
