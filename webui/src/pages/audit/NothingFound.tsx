import AuditIcon from '@mui/icons-material/FactCheckOutlined'
import SearchOffIcon from '@mui/icons-material/SearchOffOutlined'
import Button from '@mui/material/Button'
import { EmptyState } from '../../components/EmptyState.tsx'

interface NothingFoundProps {
  readonly isFiltered: boolean
  readonly onClear: () => void
}

export function NothingFound({ isFiltered, onClear }: NothingFoundProps) {
  if (!isFiltered)
    return (
      <EmptyState icon={<AuditIcon />} title="Nothing happened yet">
        The first statement on any door appears here within a second.
      </EmptyState>
    )
  return (
    <EmptyState
      icon={<SearchOffIcon />}
      title="No event matches"
      action={
        <Button variant="outlined" onClick={onClear}>
          Clear all filters
        </Button>
      }
    >
      Widen the time, or take a filter away.
    </EmptyState>
  )
}
