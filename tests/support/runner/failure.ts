export interface Failure {
  readonly name: string
  readonly file?: string | undefined
  readonly line?: number | undefined
  readonly details: { readonly error: Error }
}

/** A failed test with its file and stack; undefined for a suite that fails only because of its tests. */
export function presentFailure({ name, file, line, details }: Failure): string | undefined {
  const { error } = details
  if ('failureType' in error && error.failureType === 'subtestsFailed') return undefined
  const cause = error.cause ?? error
  const where = file === undefined ? '' : `${file.replace(`${process.cwd()}/`, '')}:${line ?? 0}`
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
  return `\nFAIL ${name}\n     ${where}\n${indented(text)}\n`
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `     ${line}`)
    .join('\n')
}
