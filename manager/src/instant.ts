/** One form for what comes in many: the store compares instants as text. */
export function isoInstant(text: string): string {
  return new Date(text).toISOString()
}

export function isoInstantOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : isoInstant(text)
}
