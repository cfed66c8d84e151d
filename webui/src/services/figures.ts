const whole = new Intl.NumberFormat('en')
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 })

export function describeCount(value: number): string {
  return value < 100_000 ? whole.format(value) : compact.format(value)
}

/** Statements a second: whole when there are many, a decimal when there are few. */
export function describeRate(value: number): string {
  return value >= 100 || Number.isInteger(value)
    ? whole.format(Math.round(value))
    : value.toFixed(1)
}

export function describeMs(value: number): string {
  if (value >= 1000) return `${(value / 1000).toFixed(1)} s`
  if (value >= 100) return `${Math.round(value)} ms`
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`
}

export function describeBytes(value: number): string {
  if (value < 1024) return `${value} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  const power = Math.min(Math.floor(Math.log2(value) / 10), units.length)
  return `${(value / 1024 ** power).toFixed(1)} ${units[power - 1] ?? 'B'}`
}

/** "1 row", "2 rows". */
export function plural(count: number, noun: string): string {
  return `${describeCount(count)} ${count === 1 ? noun : `${noun}s`}`
}
