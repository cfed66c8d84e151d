/** Below 5.7: every MySQL and MariaDB that is supported runs the comment's content; MariaDB skips 50700..99999. */
const FIRST_AMBIGUOUS_VERSION = 50_700
const OPENER = /^\/\*(M?)!(\d{5,6})?$/

/**
 * Whether some supported server runs what this comment opens and another skips it: `/*M!` is a plain comment to MySQL,
 * six digits are five and a digit to some, and higher versions are skipped by lower ones. A hint with a quote in it may
 * end elsewhere than a comment.
 */
export function isAmbiguous(comment: string): boolean {
  if (comment.startsWith('/*+')) return /['"`]/.test(comment)
  const opener = OPENER.exec(comment)
  if (opener === null) return false
  const [, maria, version] = opener
  if (maria !== '') return true
  return version !== undefined && (version.length > 5 || Number(version) >= FIRST_AMBIGUOUS_VERSION)
}
