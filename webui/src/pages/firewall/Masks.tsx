import type { Mask } from '@articdbm/contract'
import AddIcon from '@mui/icons-material/Add'
import MaskIcon from '@mui/icons-material/VisibilityOffOutlined'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ListSkeleton, ListTable } from '../../components/ListTable.tsx'
import { DatabaseFilter } from '../../components/NameFilter.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { MAX_LISTED_MASKS, masksOptions } from '../../services/masks.ts'
import { useMay } from '../../services/session.ts'
import { MaskDialog } from './MaskDialog.tsx'
import { MaskRow } from './MaskRow.tsx'
import { RemoveMaskDialog } from './RemoveMaskDialog.tsx'

interface MasksProps {
  readonly onAdd: () => void
}

/** Columns that are masked, and who sees them plainly. */
export function Masks({ onAdd }: MasksProps) {
  const [database, setDatabase] = useState<string>()
  return (
    <>
      <Stack sx={{ mb: 2 }}>
        <DatabaseFilter value={database} onChange={setDatabase} />
      </Stack>
      <MaskList database={database} onAdd={onAdd} />
    </>
  )
}

interface MaskListProps extends MasksProps {
  readonly database: string | undefined
}

function MaskList({ database, onAdd }: MaskListProps) {
  const masks = useQuery(masksOptions(database))
  const [edited, setEdited] = useState<Mask>()
  const [removed, setRemoved] = useState<Mask>()
  if (masks.isPending) return <ListSkeleton label="Loading masks" />
  if (masks.error) return <ServerError error={masks.error} onRetry={() => void masks.refetch()} />
  if (masks.data.length === 0) return <NoMasks database={database} onAdd={onAdd} />
  return (
    <>
      <Card>
        <ListTable
          label="Masks"
          columns={['Table', 'Column', 'Shown as', 'Seen plainly by', 'Database', 'Made']}
        >
          {masks.data.map((mask) => (
            <MaskRow
              key={mask.id}
              mask={mask}
              onEdit={() => setEdited(mask)}
              onRemove={() => setRemoved(mask)}
            />
          ))}
        </ListTable>
      </Card>
      {database === undefined && masks.data.length === MAX_LISTED_MASKS && (
        <Typography variant="body2" sx={{ mt: 1.5, color: 'text.secondary' }}>
          These are the first {MAX_LISTED_MASKS}. Choose a database to see all of its masks.
        </Typography>
      )}
      {edited && <MaskDialog mask={edited} onClose={() => setEdited(undefined)} />}
      {removed && <RemoveMaskDialog mask={removed} onClose={() => setRemoved(undefined)} />}
    </>
  )
}

function NoMasks({ database, onAdd }: MaskListProps) {
  const mayWrite = useMay('policies:write')
  return (
    <Card>
      <EmptyState
        icon={<MaskIcon />}
        title={
          database === undefined ? 'No column is masked' : `No column of ${database} is masked`
        }
        action={
          mayWrite && (
            <Button variant="contained" startIcon={<AddIcon />} onClick={onAdd}>
              Add mask
            </Button>
          )
        }
      >
        A mask hides what a column holds from everybody but those you except, on every door: their
        statements work, and show **** instead. One that would compare, sort or copy the column is
        refused. A mask is of the table that it names: a view or a function over it needs one of its
        own.
      </EmptyState>
    </Card>
  )
}
