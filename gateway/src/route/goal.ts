import { hasReached, type Position } from './position.ts'

/** More than these many that nobody can compare: the primary has them all. */
const MAX_GOALS = 8

/** What another session has written: who answers must be as far as that. */
export interface Goal {
  /** The backend that it was written on. */
  readonly source: string
  /** Undefined: nobody can tell, so only who takes the writes will do. */
  readonly position: Position | undefined
}

export const ONLY_WRITER: Goal = { source: '', position: undefined }

/** Both what was to be reached before and `goal`; bounded, whoever adds to it and however often. */
export function withGoal(goals: readonly Goal[], goal: Goal): readonly Goal[] {
  if (goals.some((known) => includes(known, goal))) return goals
  const kept = goals.filter((known) => !includes(goal, known))
  return kept.length < MAX_GOALS ? [...kept, goal] : [ONLY_WRITER]
}

function includes({ position: all }: Goal, { position: part }: Goal): boolean {
  return all === undefined || (part !== undefined && hasReached(all, part))
}

/** Whether who was seen at `at` has reached this goal for certain. */
export function isReached({ position }: Goal, at: Position | undefined): boolean {
  return position !== undefined && at !== undefined && hasReached(at, position)
}
