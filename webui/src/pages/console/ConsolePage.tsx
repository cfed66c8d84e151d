import DatabaseIcon from '@mui/icons-material/StorageOutlined'
import Card from '@mui/material/Card'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ListSkeleton } from '../../components/ListTable.tsx'
import { useTitle } from '../../components/Page.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { databasesOptions } from '../../services/databases.ts'
import { useMe } from '../../services/session.ts'
import { Workspace } from './Workspace.tsx'

const route = getRouteApi('/app/console')

export function ConsolePage() {
  useTitle('SQL console')
  const databases = useQuery(databasesOptions)
  const me = useMe()
  const { database } = route.useSearch()
  if (!me || databases.isPending) return <ListSkeleton label="Loading the console" />
  if (databases.error)
    return <ServerError error={databases.error} onRetry={() => void databases.refetch()} />
  if (databases.data.length === 0)
    return (
      <Card>
        <EmptyState icon={<DatabaseIcon />} title="No database is open to you yet">
          Ask an administrator for a grant, or add a database first. Then write SQL here.
        </EmptyState>
      </Card>
    )
  return <Workspace person={me.user.name} databases={databases.data} asked={database} />
}
