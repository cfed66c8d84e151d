import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import type { SxProps, Theme } from '@mui/material/styles'
import { describeFailure } from '../services/failure.ts'

interface ServerErrorProps {
  readonly error: unknown
  readonly title?: string
  readonly onRetry?: () => void
  readonly sx?: SxProps<Theme>
}

/** What went wrong in the server's own words, with the id that finds it in the logs. */
export function ServerError({ error, title, onRetry, sx = {} }: ServerErrorProps) {
  if (!error) return null
  const failure = describeFailure(error)
  return (
    <Alert
      severity="error"
      sx={sx}
      action={
        onRetry && (
          <Button color="inherit" size="small" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {title && <AlertTitle>{title}</AlertTitle>}
      {failure.message}
      {failure.requestId && (
        <Box component="span" sx={{ display: 'block', mt: 0.5, fontSize: 12, opacity: 0.85 }}>
          {failure.code} · request <code>{failure.requestId}</code>
        </Box>
      )}
    </Alert>
  )
}
