/** The middle one, or the mean of the two in the middle; undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort(ascending)
  const half = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(half) - 1], sorted[Math.floor(half)]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

/** By the nearest rank: the least value that `percent` of all don't exceed. */
export function percentile(values: readonly number[], percent: number): number | undefined {
  const sorted = Float64Array.from(values).sort()
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]
}

/** How often each value came: the same percentile without listing every one. */
export function percentileOfCounts(
  counts: readonly (readonly [value: number, count: number])[],
  percent: number,
): number | undefined {
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  let left = Math.max(1, Math.ceil((percent / 100) * total))
  const sorted = [...counts].sort(([one], [other]) => ascending(one, other))
  return sorted.find(([, count]) => {
    left -= count
    return left <= 0
  })?.[0]
}

function ascending(one: number, other: number): number {
  return one - other
}
