// What Python's unittest prints with -v.
import type { Outcome, Outcomes } from './suite.ts'

/** `test_x (tests.file.Class.test_x) ... ok`; a docstring, and lines of what is logged, may stand before its outcome. */
export function outcomesOfUnittest(output: string): Outcomes {
  const lines = output.matchAll(
    /^test_\w+ \((\S+)\)(?:\n.*?)? \.\.\. (?:.*\n(?!test_\w+ \())*?.*?(ok|FAIL|ERROR)$/gm,
  )
  const failures = failuresOf(output)
  const outcome = (name: string, word: string): Outcome => ({
    isPassed: word === 'ok' && !failures.has(name),
    output: failures.get(name) ?? '',
  })
  return new Map([...lines].map(([, name = '', word = '']) => [name, outcome(name, word)]))
}

function failuresOf(output: string): ReadonlyMap<string, string> {
  const parts = output.split(/^={70}$/m).slice(1)
  return new Map(parts.map((part) => [part.match(/\((\S+)\)/)?.[1] ?? '', part.trim()]))
}
