// What learning's routes ask of it.
import type {
  Habit,
  HabitCreation,
  HabitQuery,
  HabitState,
  LearningQuery,
  LearningRequest,
  LearningResult,
  LearntApplication,
} from '@articdbm/contract'
import type { Acting, Listed } from '../identity/services.ts'

export interface Learning {
  applications(query: LearningQuery): Promise<LearntApplication[]>
  habits(query: HabitQuery): Promise<Listed<Habit>>
  /** Reads the last days' audit; what was learnt before stays. */
  learn(by: Acting, request: LearningRequest, signal: AbortSignal): Promise<LearningResult>
  /** A statement of the audit is known from now on, or denied. */
  add(by: Acting, creation: HabitCreation): Promise<Habit>
  change(by: Acting, id: string, state: HabitState): Promise<Habit>
  forget(by: Acting, id: string): Promise<void>
}
