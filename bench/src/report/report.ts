// Where the outcomes go: the terminal, a JSON file, and the page.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { median } from '../measure/statistics.ts'
import { isWhole, type Options } from '../options.ts'
import type { Outcome } from '../rows/measure-row.ts'
import { type Judged, judgeOutcome } from './judge.ts'
import { describeMachine, type Machine } from './machine.ts'
import { replaceBetweenMarkers } from './page.ts'
import { figuresTable, goalsTable, notesList } from './table.ts'

const HOME = join(import.meta.dirname, '../../..')
const RESULTS = join(HOME, 'bench/results')
const PAGE = join(HOME, 'docs/BENCHMARKS.md')

/** A whole table is also written into the page. */
export function report(
  outcomes: readonly Outcome[],
  options: Options,
  say: (line: string) => void,
): void {
  const machine = describeMachine()
  const judged = outcomes.flatMap(judgeOutcome)
  mkdirSync(RESULTS, { recursive: true })
  writeFileSync(join(RESULTS, 'latest.json'), json({ machine, options, judged, outcomes }))
  const made = [
    `${measuredOn(machine, options)}\n${busyness(outcomes)}`,
    goalsTable(judged),
    notesList(outcomes),
    figuresTable(outcomes),
  ].filter((part) => part !== '')
  say(`\n${made.join('\n\n')}`)
  if (!isWhole(options)) return
  writeFileSync(PAGE, replaceBetweenMarkers(readFileSync(PAGE, 'utf8'), made.join('\n\n')))
}

function measuredOn({ hardware, system, versions }: Machine, options: Options): string {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const { rounds, seconds, gigabytes } = options
  return [
    `Measured on ${hardware}, ${system}:`,
    `${programs.join(', ')}.`,
    `${rounds} ${rounds === 1 ? 'round' : 'rounds'} of ${seconds} s; the slow reader's result has ${gigabytes} GB.`,
  ].join('\n')
}

function busyness(outcomes: readonly Outcome[]): string {
  const shares = outcomes.flatMap(({ readings }) =>
    readings.flatMap(({ figures }) => figures.foreignCpu ?? []),
  )
  const [typical = 0, most = 0] = [median(shares), Math.max(0, ...shares)]
  return `Other programs took ${Math.round(typical)} % of the machine meanwhile, ${Math.round(most)} % at most.`
}

interface Report {
  readonly machine: Machine
  readonly options: Options
  readonly judged: readonly Judged[]
  readonly outcomes: readonly Outcome[]
}

function json(report: Report): string {
  return `${JSON.stringify({ at: new Date().toISOString(), ...report }, undefined, 2)}\n`
}
