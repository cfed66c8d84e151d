/** A place in a text, in UTF-16 units; `end` is behind it. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Stretch {
  readonly text: string
  readonly isMarked: boolean
  readonly start: number
}

/** The text in stretches that are marked or not; spans may overlap, lie within each other, or end behind the text. */
export function stretchesOf(text: string, spans: readonly Span[]): readonly Stretch[] {
  const stretches: Stretch[] = []
  let at = 0
  for (const { start, end } of merged(spans, text.length)) {
    stretches.push({ text: text.slice(at, start), isMarked: false, start: at })
    stretches.push({ text: text.slice(start, end), isMarked: true, start })
    at = end
  }
  stretches.push({ text: text.slice(at), isMarked: false, start: at })
  return stretches.filter((stretch) => stretch.text !== '')
}

function merged(spans: readonly Span[], length: number): readonly Span[] {
  const sorted = spans
    .map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(length, end) }))
    .filter(({ start, end }) => start < end)
    .sort((left, right) => left.start - right.start)
  const apart: { start: number; end: number }[] = []
  for (const span of sorted) {
    const last = apart.at(-1)
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end)
    else apart.push(span)
  }
  return apart
}
