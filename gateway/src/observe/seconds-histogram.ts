import type { Registry } from 'prom-client'

/** A histogram without labels: the library's own looks its labels up for each of many thousand observations a second. */
export class SecondsHistogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0

  constructor(
    registry: Registry,
    { name, help, bounds }: { name: string; help: string; bounds: readonly number[] },
  ) {
    this.#bounds = bounds
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0)
    // The registry asks each metric for this shape (prom-client: Histogram.get).
    const get = async () => ({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: this.#values(name),
    })
    registry.registerMetric(Object.assign(Object.create(null), { name, get, collect: undefined }))
  }

  observe(seconds: number): void {
    let at = 0
    while (at < this.#bounds.length && seconds > (this.#bounds[at] ?? 0)) at += 1
    this.#counts[at] = (this.#counts[at] ?? 0) + 1
    this.#sum += seconds
  }

  #values(name: string) {
    let total = 0
    const buckets = this.#counts.map((count, at) => {
      total += count
      const le = this.#bounds[at] ?? '+Inf'
      return { metricName: `${name}_bucket`, labels: { le }, value: total, exemplar: null }
    })
    return [
      ...buckets,
      { metricName: `${name}_sum`, labels: {}, value: this.#sum, exemplar: null },
      { metricName: `${name}_count`, labels: {}, value: total, exemplar: null },
    ]
  }
}
