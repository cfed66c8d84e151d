// What was learnt of an application, and how strange a statement is to it.
import type { Verdict } from '@articdbm/contract'
import { ALLOW, block } from '../verdicts.ts'
import { habitOf, isStructure, type Trait } from './traits.ts'

export interface Learnt {
  /** So many were learnt, repetitions included. */
  readonly statements: number
  /** Their traits' keys. */
  readonly traits: ReadonlySet<string>
  /**
   * How likely the next statement has a trait that none had: the share of statements with one that no other had.
   * Good, I. J. (1953), The population frequencies of species and the estimation of population parameters.
   */
  readonly novelty: number
  /** The same of structure alone: long before all its filters are known, an application shows no new places, tables or calls. */
  readonly structureNovelty: number
  /** Habits that somebody has denied, made of what is known or not. */
  readonly denied: ReadonlySet<string>
}

/** Counts statements by their traits. */
export class Learner {
  readonly #traits = new Set<string>()
  /** Traits that one statement alone had, by that statement. */
  readonly #lonely = new Map<string, number>()
  readonly #denied = new Set<string>()
  #statements = 0

  deny(habit: string): void {
    this.#denied.add(habit)
  }

  /** `count`: how often a statement with these traits was sent. */
  learn(traits: readonly Pick<Trait, 'key'>[], count = 1): void {
    this.#statements += count
    for (const { key } of traits) {
      if (!this.#traits.has(key) && count === 1) this.#lonely.set(key, this.#statements)
      else this.#lonely.delete(key)
      this.#traits.add(key)
    }
  }

  /** As it is now; what is learnt later is not in it. */
  get learnt(): Learnt {
    const lonely = [...this.#lonely]
    const structural = lonely.filter(([key]) => isStructure({ key }))
    return {
      statements: this.#statements,
      traits: new Set(this.#traits),
      novelty: this.#noveltyOf(lonely),
      structureNovelty: this.#noveltyOf(structural),
      denied: new Set(this.#denied),
    }
  }

  #noveltyOf(lonely: readonly (readonly [string, number])[]): number {
    const statements = new Set(lonely.map(([, statement]) => statement)).size
    return this.#statements === 0 ? 1 : statements / this.#statements
  }
}

/** From so many on an application counts as known, if it has shown nothing new for long. */
const MIN_STATEMENTS = 200
/** At most so often does one that is known do something for the first time: half of 1 in 1,000, as it is an estimate. */
const KNOWN = 0.000_5
/** Up to here, what is strange and has a sign of injection is one. */
const FAMILIAR = 0.05
const FEW_SIGNS = 20
const MAX_TOLD = 3

export interface StrangeInput {
  /** Of each statement of a request. */
  readonly traits: readonly (readonly Trait[])[]
  /** What the signs of injection in it weigh, 0–100. */
  readonly score: number
}

/** The better an application is known, the less it takes; of one that is hardly known, strange statements only alert. */
export function judgeByLearning(learnt: Learnt, { traits, score }: StrangeInput): Verdict {
  const { denied } = learnt
  if (denied.size > 0 && traits.some((own) => denied.has(habitOf(own)))) return block(DENIED)
  const strange = traits.flat().filter(({ key }) => !learnt.traits.has(key))
  if (strange.length === 0) return ALLOW
  const acquaintance = acquaintanceWith(learnt)
  const isOddlyBuilt = isBuiltAsEver(learnt) && strange.some(isStructure)
  const isSign = learnt.novelty <= FAMILIAR && score >= FEW_SIGNS
  const isBlocked =
    acquaintance === 'well' || (acquaintance === 'somewhat' && (isOddlyBuilt || isSign))
  const refusal = { rule: 'learning.unknown', message: inWords(strange) }
  return isBlocked ? block(refusal) : { ...block(refusal), action: 'alert', score: 50 }
}

const DENIED = {
  rule: 'learning.denied',
  message: 'this statement was denied when somebody looked through what this application sends',
}

type Figures = Pick<Learnt, 'statements' | 'novelty' | 'structureNovelty'>

/** How well it is known what an application sends; an enforcing policy blocks what is strange to one that is known. */
export function acquaintanceWith(figures: Figures): 'well' | 'somewhat' | 'hardly' {
  const { statements, novelty } = figures
  if (statements < MIN_STATEMENTS) return 'hardly'
  if (novelty <= KNOWN) return 'well'
  return novelty <= FAMILIAR || isBuiltAsEver(figures) ? 'somewhat' : 'hardly'
}

/** Its structure is known, whatever it still shows of details. */
function isBuiltAsEver({ structureNovelty }: Figures): boolean {
  return structureNovelty <= KNOWN
}

function inWords(strange: readonly Trait[]): string {
  const told = strange.slice(0, MAX_TOLD).map((trait) => trait.inWords)
  const rest = strange.length - told.length
  const more = rest > 0 ? ` and ${rest} more` : ''
  return `this application has never sent such a statement: ${told.join('; ')}${more}`
}
