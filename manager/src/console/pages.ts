export interface Valve {
  pause(): void
  resume(): void
}

type State =
  | { readonly kind: 'filling' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'failed'; readonly error: Error }

/** Turns a driver's row events into pages that are asked for; between them the source is held back. */
export class Pages<Row> {
  readonly #pageRows: number
  readonly #valve: Valve
  #rows: Row[] = []
  #hasBegun = false
  #isDraining = false
  #state: State = { kind: 'filling' }
  #wake: (() => void) | undefined

  constructor(pageRows: number, valve: Valve) {
    this.#pageRows = pageRows
    this.#valve = valve
  }

  get hasEnded(): boolean {
    return this.#state.kind === 'ended' || this.#state.kind === 'failed'
  }

  /** The columns are known: an empty result has them, too. */
  begin(): void {
    this.#hasBegun = true
  }

  push(row: Row): void {
    if (this.#isDraining) return
    this.#rows.push(row)
    if (this.#rows.length < this.#pageRows) return
    this.#valve.pause()
    this.#stir()
  }

  end(): void {
    if (this.#state.kind === 'filling') this.#state = { kind: 'ended' }
    this.#stir()
  }

  fail(error: Error): void {
    this.#state = { kind: 'failed', error }
    this.#stir()
  }

  async *read(): AsyncGenerator<Row[], void, void> {
    for (;;) {
      while (this.#rows.length < this.#pageRows && !this.hasEnded) await this.#stirred()
      const page = this.#rows.splice(0, this.#pageRows)
      if (page.length > 0 || this.#takeBeginning()) yield page
      if (this.#rows.length > 0) continue
      if (this.#state.kind === 'failed') throw this.#state.error
      if (this.#state.kind === 'ended') return
      this.#valve.resume()
    }
  }

  /** Throws away what still comes, until the source has ended. */
  async drain(): Promise<void> {
    this.#isDraining = true
    this.#rows = []
    this.#valve.resume()
    while (!this.hasEnded) await this.#stirred()
  }

  #takeBeginning(): boolean {
    const had = this.#hasBegun
    this.#hasBegun = false
    return had
  }

  #stir(): void {
    this.#wake?.()
    this.#wake = undefined
  }

  #stirred(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
