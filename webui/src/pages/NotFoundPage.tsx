import ExploreOffIcon from '@mui/icons-material/ExploreOffOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import { EmptyState } from '../components/EmptyState.tsx'
import { useTitle } from '../components/Page.tsx'

export function NotFoundPage() {
  useTitle('Page not found')
  return (
    <Box component="main" sx={{ minHeight: '100dvh', display: 'grid', placeItems: 'center' }}>
      <EmptyState
        icon={<ExploreOffIcon />}
        title="There is no page here"
        action={
          <Button variant="contained" href="/">
            Go to the dashboard
          </Button>
        }
      >
        The address <code>{window.location.pathname}</code> leads nowhere. It may be mistyped, or
        the page may have moved.
      </EmptyState>
    </Box>
  )
}
