// suite: what a driver's own test suite is to this harness.

/** Where the suite's client goes: the server itself, or the door before it. Name and password are the same at both. */
export interface Target {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly password: string
}

export interface Outcome {
  readonly isPassed: boolean
  /** What the test printed, for the one who looks for the cause. */
  readonly output: string
}

/** By the test's name, or its file's. */
export type Outcomes = ReadonlyMap<string, Outcome>

export interface Suite {
  readonly name: string
  readonly engine: 'mariadb' | 'postgres'
  /** Databases that the suite expects. */
  readonly databases: readonly string[]
  /** Lines of the server's configuration. */
  readonly settings?: readonly string[]
  /** Fetches and prepares the suite below `cache`; returns its directory. */
  fetch(cache: string): Promise<string>
  run(directory: string, target: Target): Promise<Outcomes>
  /** Why a test that passes directly fails through the door, by its name. */
  readonly differences: Readonly<Record<string, string>>
}

export interface Comparison {
  readonly passedBoth: number
  readonly failedBoth: number
  /** Passed directly, failed through the door, with a known reason. */
  readonly explained: readonly string[]
  readonly unexplained: readonly string[]
  /** Named with a reason, but no longer different. */
  readonly outdated: readonly string[]
}

/** A test that doesn't end with an outcome at the door counts as failed there. */
export function compare(suite: Suite, direct: Outcomes, door: Outcomes): Comparison {
  const names = [...direct.keys()]
  const passed = names.filter((name) => direct.get(name)?.isPassed)
  const lost = passed.filter((name) => !door.get(name)?.isPassed)
  return {
    passedBoth: passed.length - lost.length,
    failedBoth: names.filter((name) => !(direct.get(name)?.isPassed || door.get(name)?.isPassed))
      .length,
    explained: lost.filter((name) => name in suite.differences),
    unexplained: lost.filter((name) => !(name in suite.differences)),
    outdated: Object.keys(suite.differences).filter((name) => !lost.includes(name)),
  }
}
