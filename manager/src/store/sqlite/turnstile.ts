/** Lets one in at a time, in the order of arrival. */
export class Turnstile {
  readonly #waiting: (() => void)[] = []
  #isTaken = false

  async enter(): Promise<() => void> {
    if (this.#isTaken) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#isTaken = true
    return this.#leaveOnce()
  }

  #leaveOnce(): () => void {
    let hasLeft = false
    return () => {
      if (hasLeft) return
      hasLeft = true
      const next = this.#waiting.shift()
      if (next) next()
      else this.#isTaken = false
    }
  }
}
