import type { Parsed } from './statement.ts'

/** A statement of which no more is known than where it stands, and why. */
export function notUnderstood(
  known: Pick<Parsed, 'start' | 'end' | 'why'> & { readonly kind?: string },
): Parsed {
  return {
    kind: '',
    effects: [],
    relations: [],
    functions: [],
    session: [],
    isComplete: false,
    ...known,
  }
}
