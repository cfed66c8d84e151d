import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { CodeLine } from './CodeLine.tsx'

interface SecretDialogProps {
  readonly title: string
  readonly secret: string
  readonly what: string
  readonly children: ReactNode
  readonly onClose: () => void
}

/** Something that is shown only now. Only the button closes it: a stray click must not lose it. */
export function SecretDialog({ title, secret, what, children, onClose }: SecretDialogProps) {
  return (
    <Dialog open aria-labelledby="secret-title" maxWidth="sm">
      <DialogTitle id="secret-title">{title}</DialogTitle>
      <DialogContent>
        <Stack sx={{ gap: 2 }}>
          <Typography variant="body2">{children}</Typography>
          <CodeLine text={secret} what={what} />
          <Alert severity="warning">It is shown only now. Copy it before you close this.</Alert>
        </Stack>
      </DialogContent>
      <DialogActions>
        <Button variant="contained" onClick={onClose}>
          I have copied it
        </Button>
      </DialogActions>
    </Dialog>
  )
}
