import type { Grant } from '@articdbm/contract'
import AddIcon from '@mui/icons-material/Add'
import GrantIcon from '@mui/icons-material/VpnKeyOutlined'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ListSkeleton, ListTable } from '../../components/ListTable.tsx'
import { Page } from '../../components/Page.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { grantsOptions } from '../../services/grants.ts'
import { useMay } from '../../services/session.ts'
import { AddGrantDialog } from './AddGrantDialog.tsx'
import { GrantFilters } from './GrantFilters.tsx'
import { GrantRow } from './GrantRow.tsx'
import { RevokeGrantDialog } from './RevokeGrantDialog.tsx'

const route = getRouteApi('/app/grants')

export function GrantsPage() {
  const mayWrite = useMay('grants:write')
  const { add = false, ...filter } = route.useSearch()
  const navigate = route.useNavigate()
  const [revoked, setRevoked] = useState<Grant>()
  const setAdding = (isAdding: boolean) =>
    void navigate({ search: isAdding ? { ...filter, add: true } : filter, replace: true })
  return (
    <Page
      title="Grants"
      description="Who may do what, where, and until when. What no grant covers is denied, on every door."
      actions={
        mayWrite && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setAdding(true)}>
            Grant access
          </Button>
        )
      }
    >
      <GrantFilters
        filter={filter}
        onChange={(changed) => void navigate({ search: changed, replace: true })}
      />
      <GrantList onRevoke={setRevoked} onAdd={() => setAdding(true)} />
      {add && mayWrite && <AddGrantDialog filter={filter} onClose={() => setAdding(false)} />}
      {revoked && <RevokeGrantDialog grant={revoked} onClose={() => setRevoked(undefined)} />}
    </Page>
  )
}

interface GrantListProps {
  readonly onRevoke: (grant: Grant) => void
  readonly onAdd: () => void
}

function GrantList({ onRevoke, onAdd }: GrantListProps) {
  const { add: _, ...filter } = route.useSearch()
  const grants = useQuery(grantsOptions(filter))
  if (grants.isPending) return <ListSkeleton label="Loading grants" />
  if (grants.error)
    return <ServerError error={grants.error} onRetry={() => void grants.refetch()} />
  if (grants.data.length === 0)
    return <NoGrants isFiltered={Boolean(filter.user || filter.database)} onAdd={onAdd} />
  return (
    <Card>
      <ListTable
        label="Grants"
        columns={['User', 'Database', 'Schema and table', 'May', 'Until', 'Granted']}
      >
        {grants.data.map((grant) => (
          <GrantRow key={grant.id} grant={grant} onRevoke={() => onRevoke(grant)} />
        ))}
      </ListTable>
    </Card>
  )
}

interface NoGrantsProps {
  readonly isFiltered: boolean
  readonly onAdd: () => void
}

function NoGrants({ isFiltered, onAdd }: NoGrantsProps) {
  const mayWrite = useMay('grants:write')
  return (
    <Card>
      <EmptyState
        icon={<GrantIcon />}
        title={isFiltered ? 'No grant here' : 'Nobody may do anything yet'}
        action={
          mayWrite && (
            <Button variant="contained" startIcon={<AddIcon />} onClick={onAdd}>
              Grant access
            </Button>
          )
        }
      >
        A grant opens one table, or all of a database, to one person, for reading, writing or
        administering. Without one, every statement is denied.
      </EmptyState>
    </Card>
  )
}
