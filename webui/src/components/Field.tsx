import TextField, { type TextFieldProps } from '@mui/material/TextField'
import type { FieldError } from 'react-hook-form'

interface FieldProps extends Omit<TextFieldProps, 'error'> {
  /** What is wrong with it; takes the place of the help text. */
  readonly problem?: FieldError | undefined
}

/** A text field of a form: its help, or what is wrong with it, below. */
export function Field({ problem, helperText, ...props }: FieldProps) {
  return (
    <TextField
      {...props}
      error={problem !== undefined}
      helperText={problem?.message || helperText}
    />
  )
}
