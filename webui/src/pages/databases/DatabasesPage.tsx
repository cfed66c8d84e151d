import type { Database } from '@articdbm/contract'
import AddIcon from '@mui/icons-material/Add'
import DatabaseIcon from '@mui/icons-material/StorageOutlined'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import Skeleton from '@mui/material/Skeleton'
import Stack from '@mui/material/Stack'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { EmptyState } from '../../components/EmptyState.tsx'
import { Page } from '../../components/Page.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { databasesOptions } from '../../services/databases.ts'
import { useMay } from '../../services/session.ts'
import { statusOptions } from '../../services/status.ts'
import { DatabaseCard } from './DatabaseCard.tsx'
import { DatabaseDialog } from './DatabaseDialog.tsx'
import { PoolDialog } from './PoolDialog.tsx'
import { RemoveDatabaseDialog } from './RemoveDatabaseDialog.tsx'

const route = getRouteApi('/app/databases')

export function DatabasesPage() {
  const mayWrite = useMay('databases:write')
  const { add = false } = route.useSearch()
  const navigate = route.useNavigate()
  const [edited, setEdited] = useState<Database>()
  const [removed, setRemoved] = useState<Database>()
  const [pooled, setPooled] = useState<Database>()
  const setAdding = (isAdding: boolean) =>
    void navigate({ search: isAdding ? { add: true } : {}, replace: true })
  return (
    <Page
      title="Databases"
      description="What clients name when they connect. Their credentials stay sealed here: people use their own."
      actions={
        mayWrite && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setAdding(true)}>
            Add a database
          </Button>
        )
      }
    >
      <DatabaseList
        onAdd={() => setAdding(true)}
        onEdit={setEdited}
        onPool={setPooled}
        onRemove={setRemoved}
      />
      {add && mayWrite && <DatabaseDialog onClose={() => setAdding(false)} />}
      {edited && (
        <DatabaseDialog key={edited.id} database={edited} onClose={() => setEdited(undefined)} />
      )}
      {pooled && <PoolDialog name={pooled.name} onClose={() => setPooled(undefined)} />}
      {removed && <RemoveDatabaseDialog database={removed} onClose={() => setRemoved(undefined)} />}
    </Page>
  )
}

interface DatabaseListProps {
  readonly onAdd: () => void
  readonly onEdit: (database: Database) => void
  readonly onPool: (database: Database) => void
  readonly onRemove: (database: Database) => void
}

function DatabaseList({ onAdd, onEdit, onPool, onRemove }: DatabaseListProps) {
  const databases = useQuery(databasesOptions)
  const status = useQuery(statusOptions)
  if (databases.isPending) return <Loading />
  if (databases.error)
    return <ServerError error={databases.error} onRetry={() => void databases.refetch()} />
  if (databases.data.length === 0) return <NoDatabases onAdd={onAdd} />
  return (
    <Stack component="ul" sx={{ gap: 2, p: 0, m: 0, listStyle: 'none' }}>
      {databases.data.map((database) => (
        <li key={database.id}>
          <DatabaseCard
            database={database}
            health={status.data?.databases.find(({ id }) => id === database.id)}
            doors={status.data?.doors}
            onEdit={() => onEdit(database)}
            onPool={() => onPool(database)}
            onRemove={() => onRemove(database)}
          />
        </li>
      ))}
    </Stack>
  )
}

function NoDatabases({ onAdd }: { readonly onAdd: () => void }) {
  const mayWrite = useMay('databases:write')
  return (
    <Card>
      <EmptyState
        icon={<DatabaseIcon />}
        title={mayWrite ? 'No database yet' : 'No database is open to you yet'}
        action={
          mayWrite && (
            <Button variant="contained" startIcon={<AddIcon />} onClick={onAdd}>
              Add a database
            </Button>
          )
        }
      >
        {mayWrite
          ? 'Add the first one: PostgreSQL, MySQL, MariaDB, Galera, or a SQLite file. Then grant people access to it.'
          : 'Ask an administrator for a grant. It works at once, here and in psql or mysql.'}
      </EmptyState>
    </Card>
  )
}

function Loading() {
  return (
    <Stack role="status" aria-label="Loading databases" sx={{ gap: 2 }}>
      <Skeleton variant="rounded" height={116} />
      <Skeleton variant="rounded" height={116} />
    </Stack>
  )
}
