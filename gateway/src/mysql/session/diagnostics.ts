// SHOW WARNINGS after a refusal: the backend never heard of it, so the gateway tells.
import type { Err } from '@articdbm/wire/mysql'
import { type Constant, shortText } from './constants.ts'

const LIST = /^show\s+(?:warnings|errors)(?:\s+limit\s+\d+)?$/i
const COUNT = /^show\s+count\s*\(\s*\*\s*\)\s+(warnings|errors)$/i

const LIST_NAMES = ['Level', 'Code', 'Message']

/** What the last statement of a session was refused with, until its next statement. */
export class Diagnostics {
  #refusal: Err | undefined

  note(refusal: Err): void {
    this.#refusal = refusal
  }

  forget(): void {
    this.#refusal = undefined
  }

  /** `otherwise`: who is asked where nothing was refused. A connection that comes fresh would tell of others. */
  answer(text: string, otherwise: 'the backend' | 'nobody'): Constant | undefined {
    const refusal = this.#refusal
    if (!refusal && otherwise === 'the backend') return undefined
    const short = shortText(text) ?? ''
    const rows = refusal ? [['Error', `${refusal.errno}`, refusal.message]] : []
    if (LIST.test(short)) return { names: LIST_NAMES, rows, numeric: [false, true, false] }
    const counted = COUNT.exec(short)?.[1]
    if (counted === undefined) return undefined
    const name = `@@session.${counted.toLowerCase() === 'errors' ? 'error' : 'warning'}_count`
    return { names: [name], rows: [[`${rows.length}`]], numeric: [true] }
  }
}
