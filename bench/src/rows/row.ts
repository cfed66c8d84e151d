import type { Engine } from '../bed.ts'
import type { Load } from '../loads/load.ts'
import type { Figure } from '../measure/figures.ts'
import type { WayName } from '../ways/way.ts'

/** The goal's number is one of these: see report/judge.ts. */
export type Comparison =
  | { readonly kind: 'ratio'; readonly against: WayName }
  /** What it adds to the direct way, as a part of what the other adds. */
  | { readonly kind: 'added'; readonly against: WayName }
  | { readonly kind: 'absolute'; readonly unit: string }

export interface Bound {
  readonly kind: 'at least' | 'at most'
  readonly value: number
}

export interface Goal {
  readonly measure: string
  readonly figure: Figure
  readonly comparison: Comparison
  readonly bound: Bound
}

export interface Row {
  readonly name: string
  readonly title: string
  readonly engine: Engine
  readonly load: Load
  /** In this order in each round. */
  readonly ways: readonly WayName[]
  /** Memory is looked at once; everything else in turn, round after round. */
  readonly rounds: 'several' | 'once'
  /** What throughput counts. */
  readonly unit: 'transactions' | 'MB'
  readonly goals: readonly Goal[]
}
