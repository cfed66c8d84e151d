import UpIcon from '@mui/icons-material/ArrowUpward'
import Box from '@mui/material/Box'
import Fab from '@mui/material/Fab'
import { plural } from '../../services/figures.ts'

interface NewEventsPillProps {
  readonly count: number
  readonly isFiltered: boolean
  readonly onShow: () => void
}

export function NewEventsPill({ count, isFiltered, onShow }: NewEventsPillProps) {
  // With a filter nobody knows yet how many of them match.
  const label = isFiltered ? 'New events' : `${plural(count, 'new event')}`
  return (
    <Box
      role="status"
      sx={{
        position: 'sticky',
        top: 64,
        zIndex: 2,
        height: 0,
        display: 'flex',
        justifyContent: 'center',
      }}
    >
      {count > 0 && (
        <Fab variant="extended" size="small" color="primary" onClick={onShow} sx={{ px: 2, mt: 1 }}>
          <UpIcon fontSize="small" sx={{ mr: 0.5 }} />
          {label}
        </Fab>
      )}
    </Box>
  )
}
