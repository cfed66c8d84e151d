import type { Finding } from '@articdbm/contract'
import type { Analysis } from '@articdbm/sql'
import { findReach } from './reach.ts'
import { findStacked } from './stacked.ts'
import { findTautologies } from './tautology.ts'
import { findTruncation } from './truncation.ts'
import { findUnions } from './union.ts'

/** Every detector is a pure function of the analysis; what they say is weighed in score.ts. */
export type Detector = (analysis: Analysis) => readonly Finding[]

const DETECTORS: readonly Detector[] = [
  findTautologies,
  findUnions,
  findStacked,
  findTruncation,
  findReach,
]

export function findInjection(analysis: Analysis): readonly Finding[] {
  return DETECTORS.flatMap((detect) => detect(analysis))
}
