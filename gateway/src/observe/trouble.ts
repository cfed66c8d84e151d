import type { Log } from '../log.ts'

/** Tells of a trouble when it begins and when it ends, however often it is met in between. */
export class Trouble {
  readonly #log: Log
  readonly #begun: string
  readonly #ended: string
  #isOn = false

  constructor(log: Log, messages: { readonly begun: string; readonly ended: string }) {
    this.#log = log
    this.#begun = messages.begun
    this.#ended = messages.ended
  }

  met(error: unknown): void {
    if (!this.#isOn) this.#log.warn({ err: error }, this.#begun)
    this.#isOn = true
  }

  over(): void {
    if (this.#isOn) this.#log.info({}, this.#ended)
    this.#isOn = false
  }
}
