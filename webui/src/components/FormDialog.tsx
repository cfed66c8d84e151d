import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Stack from '@mui/material/Stack'
import { type ReactNode, type SubmitEvent, useId } from 'react'
import { ServerError } from './ServerError.tsx'

interface FormDialogProps {
  readonly title: string
  readonly action: string
  readonly isPending: boolean
  readonly error: unknown
  readonly maxWidth?: 'sm' | 'md'
  /** To leave it; left out: Cancel. */
  readonly dismiss?: string
  /** Another way to end it, beside the action. */
  readonly other?: { readonly label: string; readonly choose: () => void } | undefined
  readonly onSubmit: (event: SubmitEvent) => Promise<void>
  readonly onClose: () => void
  readonly children: ReactNode
}

/** A form of a few fields in a dialog. Mount it to open it. */
export function FormDialog(props: FormDialogProps) {
  const { title, action, isPending, error, onSubmit, onClose, children } = props
  const { maxWidth = 'sm', dismiss = 'Cancel', other } = props
  const id = useId()
  return (
    <Dialog open onClose={onClose} maxWidth={maxWidth} aria-labelledby={id}>
      <form onSubmit={(event) => void onSubmit(event)} noValidate>
        <DialogTitle id={id}>{title}</DialogTitle>
        <DialogContent>
          <Stack sx={{ gap: 2.5, pt: 1 }}>
            {children}
            <ServerError error={error} />
          </Stack>
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{dismiss}</Button>
          {other && (
            <Button variant="outlined" disabled={isPending} onClick={other.choose}>
              {other.label}
            </Button>
          )}
          <Button type="submit" variant="contained" loading={isPending}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
