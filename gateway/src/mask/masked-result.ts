// What a person may not see of a result: judged with the statement, put over the rows while they pass.
import type { MaskForm } from '@articdbm/contract'
import { formsOf, type Masking, type MaskPlan, maskText } from '@articdbm/firewall'

/** A statement's masks, with the key of its database for those that are hashes. */
export interface MaskedResult {
  readonly plan: MaskPlan
  readonly key: Uint8Array
}

/** Of an allowed request's statements, in order; undefined where nothing of any is masked. */
export function maskedResults(
  maskings: readonly (Masking | undefined)[],
  key: () => Uint8Array,
): readonly (MaskedResult | undefined)[] | undefined {
  const plans = maskings.map((masking) => (masking?.kind === 'plan' ? masking.plan : undefined))
  if (plans.every((plan) => plan === undefined)) return undefined
  return plans.map((plan) => plan && { plan, key: key() })
}

/** Some column of it may not be shown as it is: then its rows can't pass unread. */
export function hidesColumns({ plan: { places, names } }: MaskedResult): boolean {
  return places !== undefined || names.size > 0
}

/** A column of a result, as its database tells of it. */
export interface ResultColumn {
  readonly name: string
  /** Its values are texts in UTF-8. */
  readonly isText: boolean
}

export type CellRewrite = (value: Buffer) => Buffer | null

/**
 * What to do with each column. Undefined where the result has other columns than were judged, or names that can't be
 * read: then nothing of it may be shown.
 */
export function cellsOf(
  { plan, key }: MaskedResult,
  columns: readonly ResultColumn[],
): readonly (CellRewrite | undefined)[] | undefined {
  if (columns.some(({ name }) => isUnreadable(name))) return undefined
  const forms = formsOf(
    plan,
    columns.map(({ name }) => name),
  )
  return forms?.map((form, at) => form && rewriteTo(form, columns[at]?.isText === true, key))
}

/** Names in another character set than UTF-8, UTF-16 for one, would pass for others. */
function isUnreadable(name: string): boolean {
  return name.includes('\0') || name.includes('\ufffd')
}

function rewriteTo(form: MaskForm, isText: boolean, key: Uint8Array): CellRewrite {
  if (!isText) return () => null
  return (value) => {
    const shown = maskText(form, value.toString('utf8'), key)
    return shown === null ? null : Buffer.from(shown)
  }
}
