// What a lane answered last: whoever asks about it (SHOW WARNINGS, FOUND_ROWS()) is on another connection by then.
import type { AnswerSeen } from '@articdbm/wire/mysql'
import type { Plan } from './quick-path.ts'

/** Only the connection that executed the statement before can tell; these don't count as a statement in between. */
const SHOWS_LAST = /^\s*show\s+(?:count\s*\(|warnings|errors)/i
/** A value of the statement before, anywhere in a statement. */
const TELLS_LAST =
  /\b(?:found_rows|row_count)\s*\(|@@(?:session\.|local\.)?(?:warning|error)_count\b/i

export function showsLast(text: string): boolean {
  return SHOWS_LAST.test(text)
}

export function asksAboutLast(text: string): boolean {
  return SHOWS_LAST.test(text) || TELLS_LAST.test(text)
}

/** The statement before, if a lane answered it. It only reads, so it can be asked again where somebody asks about it. */
export class LastAnswered {
  #plan: Plan | undefined
  #isTroubled = false

  note(plan: Plan, { errno, warnings }: AnswerSeen): void {
    this.#plan = plan
    this.#isTroubled = errno !== 0 || warnings > 0
  }

  forget(): void {
    this.#plan = undefined
    this.#isTroubled = false
  }

  get plan(): Plan | undefined {
    return this.#plan
  }

  /** There was an error or a warning. */
  get isTroubled(): boolean {
    return this.#isTroubled
  }
}
