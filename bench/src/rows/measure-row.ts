// One row: its ways are opened, warmed up, and loaded in turn, round after round.
import type { Bed } from '../bed.ts'
import { drive, prepare } from '../loads/drive.ts'
import type { Circumstances, Observed } from '../loads/load.ts'
import type { Figures } from '../measure/figures.ts'
import { measure } from '../measure/marks.ts'
import type { Options } from '../options.ts'
import { openWay } from '../ways/open.ts'
import { type Needs, WAY_NAMES, type Way, type WayName } from '../ways/way.ts'
import type { Row } from './row.ts'

const WARM_UP_SECONDS = 2

/** What was read off one way in one round. */
export interface Reading {
  readonly round: number
  readonly way: WayName
  readonly figures: Figures
}

export interface Outcome {
  readonly row: Row
  readonly readings: readonly Reading[]
  readonly notes: readonly string[]
  /** Why it couldn't be measured; '' when it could. */
  readonly failure: string
}

export interface Bench {
  readonly bed: Bed
  readonly options: Options
  readonly say: (line: string) => void
}

/** Never throws: a row that can't be measured says why. */
export async function measureRow(row: Row, bench: Bench): Promise<Outcome> {
  const readings: Reading[] = []
  const notes: string[] = []
  try {
    await using opened = new AsyncDisposableStack()
    const ways: Way[] = []
    for (const name of row.ways) {
      const way = opened.use(
        await openWay(bench.bed, { name, engine: row.engine, ...needsOf(row) }),
      )
      ways.push(way)
      if (way.note !== '') notes.push(way.note)
    }
    await measureWays({ row, ways, bench, notes }, readings)
    return { row, readings, notes, failure: '' }
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error)
    return { row, readings, notes, failure }
  }
}

interface Course {
  readonly row: Row
  readonly ways: readonly Way[]
  readonly bench: Bench
  readonly notes: string[]
}

async function measureWays(course: Course, readings: Reading[]): Promise<void> {
  const { row, ways, bench, notes } = course
  const warm = row.rounds === 'once' ? COLD : await warmUp(course)
  if (warm.rate !== undefined) notes.push(`at ${Math.round(warm.rate)} transactions a second`)
  const { pid } = await bench.bed.server(row.engine)
  for (let round = 1; round <= (row.rounds === 'once' ? 1 : bench.options.rounds); round += 1) {
    for (const way of ways) {
      await prepare(row.load, bench.bed)
      const figures = await measure(way, pid, () =>
        driveWay(row, circumstancesOf(bench, way, warm)),
      )
      readings.push({ round, way: way.name, figures })
      bench.say(progress(row, { round, way: way.name, figures }))
    }
  }
}

/** What the warm-up has told. */
interface Warm {
  /** Of a load that is held back. */
  readonly rate: number | undefined
  readonly connectingMs: ReadonlyMap<WayName, number>
}

const COLD: Warm = { rate: undefined, connectingMs: new Map() }

function circumstancesOf({ bed, options }: Bench, way: Way, warm: Warm): Circumstances {
  const connectingMs = warm.connectingMs.get(way.name) ?? 0
  const length = { kind: 'seconds', seconds: options.seconds, connectingMs } as const
  return { bed, way, length, gigabytes: options.gigabytes, rate: warm.rate }
}

/** Every way, unmeasured: first to learn how long connecting takes. */
async function warmUp({ row, ways, bench }: Course): Promise<Warm> {
  const isHeldBack = row.load.kind === 'pgbench' && row.load.pace === 'half'
  const seconds = isHeldBack ? bench.options.seconds : WARM_UP_SECONDS
  const connectingMs = new Map<WayName, number>()
  let peak = 0
  for (const way of ways) {
    const cold = circumstancesOf(bench, way, COLD)
    const first = await driveWay(row, { ...cold, length: { kind: 'once' } })
    connectingMs.set(way.name, first.connectingMs ?? 0)
    const length = { kind: 'seconds', seconds, connectingMs: first.connectingMs ?? 0 } as const
    const { figures } = await driveWay(row, { ...cold, length })
    await way.settle()
    if (way.name === 'pgbouncer') peak = figures.throughput ?? 0
  }
  return { rate: isHeldBack ? peak / 2 : undefined, connectingMs }
}

async function driveWay({ load }: Row, circumstances: Circumstances): Promise<Observed> {
  try {
    return await drive(load, circumstances)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${WAY_NAMES[circumstances.way.name]}: ${why}`, { cause: error })
  }
}

function needsOf({ load }: Row): Needs {
  return {
    clients: load.kind === 'pgbench' ? load.clients : 1,
    isPrepared: load.kind === 'pgbench' && load.protocol === 'prepared',
  }
}

function progress(row: Row, { round, way, figures }: Reading): string {
  const read = Object.entries(figures).map(([name, value]) => `${name} ${value.toPrecision(4)}`)
  return `${row.name}, round ${round}, ${WAY_NAMES[way]}: ${read.join(', ')}`
}
