import type { Finding } from '@articdbm/contract'
import type { Analysis } from '@articdbm/sql'
import { findCatalogReads } from './catalog-reads.ts'
import { findConditions } from './conditions.ts'
import { findFusion } from './fusion.ts'
import { findNames } from './names.ts'
import { findObfuscation } from './obfuscation.ts'
import { findOrder } from './order.ts'
import { findPrimitives } from './primitives.ts'
import { findReach } from './reach.ts'
import { findServerQuestions } from './server.ts'
import { findStacked } from './stacked.ts'
import { type Reading, readAll } from './tree/read.ts'
import { findTruncation } from './truncation.ts'
import { findUnions } from './union.ts'

/** Of a whole request. */
const OF_REQUESTS: readonly ((analysis: Analysis) => readonly Finding[])[] = [
  findStacked,
  findTruncation,
  findReach,
  findNames,
  findObfuscation,
]

/** Of one statement that reads or changes rows. */
const OF_STATEMENTS: readonly ((reading: Reading) => readonly Finding[])[] = [
  findConditions,
  findFusion,
  findUnions,
  findPrimitives,
  findCatalogReads,
  findOrder,
  findServerQuestions,
]

/** Every detector is a pure function; what they say is weighed in score.ts. */
export function findInjection(analysis: Analysis): readonly Finding[] {
  const readings = readAll(analysis)
  return [
    ...OF_REQUESTS.flatMap((detect) => detect(analysis)),
    ...readings.flatMap((reading) => OF_STATEMENTS.flatMap((detect) => detect(reading))),
  ]
}
