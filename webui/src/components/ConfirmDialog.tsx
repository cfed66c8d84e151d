import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogContentText from '@mui/material/DialogContentText'
import DialogTitle from '@mui/material/DialogTitle'
import TextField from '@mui/material/TextField'
import { type ReactNode, useState } from 'react'
import { ServerError } from './ServerError.tsx'

interface ConfirmDialogProps {
  readonly title: string
  readonly children: ReactNode
  readonly action: string
  /** What doesn't destroy isn't red; left out: it does. */
  readonly color?: 'error' | 'primary'
  /** Not to do it. */
  readonly keep?: string
  /** When given, the person types it before the action is possible. */
  readonly phrase?: string
  readonly isPending: boolean
  readonly error: unknown
  readonly onConfirm: () => void
  readonly onClose: () => void
}

/** Asks before something that can't be taken back, or reaches far. Mount it to open it. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { color = 'error', keep = 'Keep it' } = props
  const { title, children, action, phrase, isPending, error, onConfirm, onClose } = props
  const [typed, setTyped] = useState('')
  const isConfirmed = phrase === undefined || typed === phrase
  return (
    <Dialog open onClose={onClose} aria-labelledby="confirm-title" maxWidth="xs">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (isConfirmed) onConfirm()
        }}
      >
        <DialogTitle id="confirm-title">{title}</DialogTitle>
        <DialogContent>
          <DialogContentText component="div" sx={{ fontSize: '0.9375rem' }}>
            {children}
          </DialogContentText>
          {phrase !== undefined && (
            <TextField
              autoFocus
              autoComplete="off"
              label={`Type ${phrase} to confirm`}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              sx={{ mt: 2.5 }}
            />
          )}
          <ServerError error={error} sx={{ mt: 2 }} />
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>{keep}</Button>
          <Button
            type="submit"
            variant="contained"
            color={color}
            disabled={!isConfirmed}
            loading={isPending}
          >
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
