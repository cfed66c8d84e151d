// SHOW WARNINGS after a refusal: the backend never heard of it, so the gateway tells.
import type { Err } from '@articdbm/wire/mysql'
import { type Constant, shortText } from './constants.ts'

const LIST = /^show\s+(?:warnings|errors)(?:\s+limit\s+\d+)?$/i
const COUNT = /^show\s+count\s*\(\s*\*\s*\)\s+(warnings|errors)$/i

/** What the last statement of a session was refused with, until its next statement. */
export class Diagnostics {
  #refusal: Err | undefined

  note(refusal: Err): void {
    this.#refusal = refusal
  }

  forget(): void {
    this.#refusal = undefined
  }

  /** Undefined: it is for the backend. */
  answer(text: string): Constant | undefined {
    const refusal = this.#refusal
    if (!refusal) return undefined
    const short = shortText(text) ?? ''
    if (LIST.test(short)) {
      const row = ['Error', `${refusal.errno}`, refusal.message]
      return { names: ['Level', 'Code', 'Message'], rows: [row], numeric: [false, true, false] }
    }
    const counted = COUNT.exec(short)?.[1]
    if (counted === undefined) return undefined
    const name = `@@session.${counted.toLowerCase() === 'errors' ? 'error' : 'warning'}_count`
    return { names: [name], rows: [['1']], numeric: [true] }
  }
}
