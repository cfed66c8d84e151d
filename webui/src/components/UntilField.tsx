import { Field } from './Field.tsx'

interface UntilFieldProps {
  /** As `<input type="datetime-local">` has it, in the person's time zone; '' for no end. */
  readonly value: string
  readonly onChange: (value: string) => void
  readonly helperText?: string
}

export function UntilField({
  value,
  onChange,
  helperText = 'Left empty: no end',
}: UntilFieldProps) {
  return (
    <Field
      label="Until"
      type="datetime-local"
      value={value}
      helperText={helperText}
      onChange={(event) => onChange(event.target.value)}
      slotProps={{ inputLabel: { shrink: true } }}
    />
  )
}

export function instantOf(local: string): string | null {
  return local === '' ? null : new Date(local).toISOString()
}

export function localOf(instant: string | null): string {
  if (instant === null) return ''
  const at = new Date(instant)
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
