import Skeleton from '@mui/material/Skeleton'
import Stack from '@mui/material/Stack'

/** The outline of a page while it loads. */
export function RoutePending() {
  return (
    <Stack
      role="status"
      aria-label="Loading"
      sx={{ gap: 2, maxWidth: 1280, mx: 'auto', width: '100%' }}
    >
      <Skeleton width={220} height={36} />
      <Skeleton variant="rounded" height={120} />
      <Skeleton variant="rounded" height={260} />
    </Stack>
  )
}
