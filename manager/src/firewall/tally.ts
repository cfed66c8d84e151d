import type { SimulatedRule, StoppedBy } from '@articdbm/contract'
import type { PastStatement } from '../audit/statements.ts'

const MAX_PEOPLE = 20
const MAX_SAMPLES = 20
const MAX_SAMPLE_CHARACTERS = 2_000

type Sample = SimulatedRule['samples'][number]

/** What a simulation has met so far; statements come newest first. */
export class Tally {
  readonly #from: string
  readonly #until: string
  readonly #people = new Map<string, number>()
  readonly #samples = new Map<string, Sample>()
  #oldestAt: string | undefined
  #unreadable = 0
  #matched = 0
  #forwarded = 0
  #examined = 0

  constructor(from: string, until: string) {
    this.#from = from
    this.#until = until
  }

  /** `isMet` is undefined where it can't be told. */
  examine(row: PastStatement, isMet: boolean | undefined): void {
    this.#examined += 1
    this.#oldestAt = row.at
    if (isMet === undefined) this.#unreadable += 1
    else if (isMet) this.#meet(row)
  }

  told(stoppedBy: StoppedBy): SimulatedRule {
    return {
      from: stoppedBy === null ? this.#from : (this.#oldestAt ?? this.#from),
      until: this.#until,
      stoppedBy,
      examined: this.#examined,
      unreadable: this.#unreadable,
      matched: this.#matched,
      forwarded: this.#forwarded,
      people: [...this.#people]
        .sort(([, left], [, right]) => right - left)
        .slice(0, MAX_PEOPLE)
        .map(([person, count]) => ({ person, count })),
      samples: [...this.#samples.values()],
    }
  }

  #meet(row: PastStatement): void {
    this.#matched += 1
    if (row.verdict !== 'block') this.#forwarded += 1
    this.#people.set(row.principal, (this.#people.get(row.principal) ?? 0) + 1)
    const known = this.#samples.get(row.digest)
    if (known) known.count += 1
    else if (this.#samples.size < MAX_SAMPLES) this.#samples.set(row.digest, sampleOf(row))
  }
}

function sampleOf(row: PastStatement): Sample {
  return {
    auditId: row.id,
    at: row.at,
    person: row.principal,
    database: row.database_name,
    sql: row.sql_text.slice(0, MAX_SAMPLE_CHARACTERS),
    digest: row.digest,
    verdict: row.verdict as Sample['verdict'],
    count: 1,
  }
}
