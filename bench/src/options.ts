import { parseArgs } from 'node:util'
import { ROWS } from './rows/rows.ts'

export interface Options {
  /** The rows that are measured, by name. */
  readonly only: readonly string[]
  readonly rounds: number
  readonly seconds: number
  readonly gigabytes: number
}

const DEFAULTS = { rounds: '5', seconds: '5', gigabytes: '2' }

const FLAGS = {
  only: { type: 'string' },
  rounds: { type: 'string', default: DEFAULTS.rounds },
  seconds: { type: 'string', default: DEFAULTS.seconds },
  gigabytes: { type: 'string', default: DEFAULTS.gigabytes },
} as const

/** Throws a message that says what may be asked. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({ args: [...args], options: FLAGS })
  const names = ROWS.map(({ name }) => name)
  const only = values.only?.split(',') ?? names
  const strangers = only.filter((name) => !names.includes(name))
  if (strangers.length > 0) {
    throw new Error(`no row is called ${strangers.join(', ')}; there are ${names.join(', ')}`)
  }
  return {
    only,
    rounds: whole('rounds', values.rounds),
    seconds: whole('seconds', values.seconds),
    gigabytes: positive('gigabytes', values.gigabytes),
  }
}

export function isWhole({ only }: Options): boolean {
  return ROWS.every(({ name }) => only.includes(name))
}

function whole(name: string, text: string): number {
  const value = positive(name, text)
  if (!Number.isInteger(value)) throw new Error(`--${name} takes a whole number, not ${text}`)
  return value
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0) || !Number.isFinite(value)) {
    throw new Error(`--${name} takes a number above 0, not ${text}`)
  }
  return value
}
