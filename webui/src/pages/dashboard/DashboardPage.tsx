import type { SystemStatus } from '@articdbm/contract'
import DatabaseIcon from '@mui/icons-material/StorageOutlined'
import Alert from '@mui/material/Alert'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import Skeleton from '@mui/material/Skeleton'
import { useQuery } from '@tanstack/react-query'
import { createLink } from '@tanstack/react-router'
import { EmptyState } from '../../components/EmptyState.tsx'
import { Page } from '../../components/Page.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { useTraffic } from '../../services/LiveProvider.tsx'
import { useMay } from '../../services/session.ts'
import { statusOptions } from '../../services/status.ts'
import { Charts } from './Charts.tsx'
import { DenialsPanel } from './DenialsPanel.tsx'
import { DoorsPanel } from './DoorsPanel.tsx'
import { Figures } from './Figures.tsx'
import { HealthPanel } from './HealthPanel.tsx'

const LinkButton = createLink(Button)

export function DashboardPage() {
  const status = useQuery(statusOptions)
  const traffic = useTraffic()
  return (
    <Page
      title="Dashboard"
      description="What passes through the door now, and what was turned away."
    >
      <ServerError error={status.error} onRetry={() => void status.refetch()} sx={{ mb: 2 }} />
      {status.data && <GatewayWarning status={status.data} />}
      <Figures traffic={traffic} />
      <Charts traffic={traffic} />
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          alignItems: 'start',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 1.2fr) minmax(0, 1fr)' },
        }}
      >
        <Box sx={{ display: 'grid', gap: 2, minWidth: 0 }}>
          {status.isPending && <Skeleton variant="rounded" height={260} />}
          {status.data && <Health status={status.data} />}
          {status.data && <DoorsPanel status={status.data} />}
        </Box>
        <DenialsPanel />
      </Box>
    </Page>
  )
}

function Health({ status }: { readonly status: SystemStatus }) {
  const mayAdd = useMay('databases:write')
  if (status.databases.length > 0) return <HealthPanel databases={status.databases} />
  return (
    <Card>
      {mayAdd ? (
        <EmptyState
          icon={<DatabaseIcon />}
          title="No database yet"
          action={
            <LinkButton to="/databases" search={{ add: true }} variant="contained">
              Add a database
            </LinkButton>
          }
        >
          Add a PostgreSQL, MySQL, MariaDB or SQLite database, then grant people access to it.
        </EmptyState>
      ) : (
        <EmptyState icon={<DatabaseIcon />} title="No database is open to you yet">
          Ask an administrator for a grant. It works at once, here and in psql or mysql.
        </EmptyState>
      )}
    </Card>
  )
}

function GatewayWarning({ status }: { readonly status: SystemStatus }) {
  if (status.gateways.some(({ isFresh }) => isFresh)) return null
  return (
    <Alert severity="warning" sx={{ mb: 2 }}>
      No gateway has spoken within the last ten seconds: the doors may be closed, and figures are
      old. Start one with <code>./articdbm up</code>, or look at its log.
    </Alert>
  )
}
