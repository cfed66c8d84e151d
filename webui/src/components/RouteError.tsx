import Box from '@mui/material/Box'
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { ServerError } from './ServerError.tsx'

/** A page that could not be shown: why, and another try. */
export function RouteError({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  return (
    <Box sx={{ maxWidth: 640, mx: 'auto', mt: 6, px: 2 }}>
      <ServerError
        title="This page could not be shown"
        error={error}
        onRetry={() => {
          reset()
          void router.invalidate()
        }}
      />
    </Box>
  )
}
