import { RE2JS } from 're2js'

/** In UTF-16 units. A million of them take some 10 ms a pattern, and a turn of the event loop is for everybody. */
const MAX_TEXT = 500_000

/** Whether a pattern is found in a text; of longer texts `ofLonger` is said. Throws for what is no pattern of RE2's. */
export function patternTest(pattern: string, ofLonger: boolean): (text: string) => boolean {
  const compiled = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
  return (text) => (text.length > MAX_TEXT ? ofLonger : compiled.test(text))
}
