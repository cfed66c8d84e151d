import type { Database, DatabaseHealth, SystemStatus } from '@articdbm/contract'
import TestIcon from '@mui/icons-material/NetworkCheckOutlined'
import ConsoleIcon from '@mui/icons-material/TerminalOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { createLink } from '@tanstack/react-router'
import { CodeLine } from '../../components/CodeLine.tsx'
import { PoolBar } from '../../components/PoolBar.tsx'
import { HealthChip } from '../../components/states.tsx'
import { connectLines } from '../../services/connect-lines.ts'
import { useTestDatabase } from '../../services/databases.ts'
import { useMay, useMe } from '../../services/session.ts'
import { ENGINES } from '../../services/words.ts'
import { MONO } from '../../theme/theme.ts'
import { CardMenu } from './CardMenu.tsx'
import { TestOutcome } from './TestOutcome.tsx'

const LinkButton = createLink(Button)

interface DatabaseCardProps {
  readonly database: Database
  readonly health: DatabaseHealth | undefined
  readonly doors: SystemStatus['doors'] | undefined
  readonly onEdit: () => void
  readonly onPool: () => void
  readonly onRemove: () => void
}

export function DatabaseCard(props: DatabaseCardProps) {
  const { database, health, doors } = props
  const test = useTestDatabase()
  return (
    <Card sx={{ p: 2.5 }}>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', alignItems: 'flex-start', gap: 2 }}>
        <Title database={database} health={health} />
        {health && health.maxConnections > 0 && (
          <Box sx={{ width: 190, pt: 0.75 }}>
            <PoolBar health={health} />
          </Box>
        )}
        <Actions {...props} isTesting={test.isPending} onTest={() => test.mutate(database.name)} />
      </Box>
      <TestOutcome test={test.data} error={test.error} sx={{ mt: 2 }} />
      {doors && <Connect database={database} doors={doors} />}
    </Card>
  )
}

function Title({ database, health }: Pick<DatabaseCardProps, 'database' | 'health'>) {
  return (
    <Box sx={{ flex: 1, minWidth: 220 }}>
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, flexWrap: 'wrap' }}>
        <Typography variant="h2" sx={{ fontSize: '1.125rem', overflowWrap: 'anywhere' }}>
          {database.name}
        </Typography>
        <HealthChip state={health?.state ?? 'unknown'} />
        {database.policy.mode === 'monitor' && (
          <Typography variant="caption" sx={{ color: 'warning.main' }}>
            Injection rules only recorded
          </Typography>
        )}
      </Box>
      <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.25 }}>
        {ENGINES[database.engine]}
        <Box
          component="span"
          sx={{ fontFamily: MONO, fontSize: 12.5, ml: 1, overflowWrap: 'anywhere' }}
        >
          {whereIs(database)}
        </Box>
      </Typography>
      {health?.state === 'down' && health.message && (
        <Typography variant="body2" sx={{ color: 'error.main', mt: 0.5 }}>
          {health.message}
        </Typography>
      )}
    </Box>
  )
}

function whereIs({ backends, target }: Database): string {
  const [first, ...others] = backends
  if (!first) return target
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return `${first.host}:${first.port}/${target}${more}`
}

interface ActionsProps extends DatabaseCardProps {
  readonly isTesting: boolean
  readonly onTest: () => void
}

function Actions(props: ActionsProps) {
  const { database, isTesting, onTest, onEdit, onPool, onRemove } = props
  const mayTest = useMay('databases:test')
  const mayWrite = useMay('databases:write')
  return (
    <Stack direction="row" sx={{ gap: 0.5, alignItems: 'center' }}>
      <LinkButton to="/console" search={{ database: database.name }} startIcon={<ConsoleIcon />}>
        Console
      </LinkButton>
      {mayTest && (
        <Button
          startIcon={<TestIcon />}
          loading={isTesting}
          loadingPosition="start"
          onClick={onTest}
        >
          Test
        </Button>
      )}
      {mayWrite && (
        <CardMenu name={database.name} onEdit={onEdit} onPool={onPool} onRemove={onRemove} />
      )}
    </Stack>
  )
}

interface ConnectProps {
  readonly database: Database
  readonly doors: SystemStatus['doors']
}

function Connect({ database, doors }: ConnectProps) {
  const user = useMe()?.user.name ?? ''
  return (
    <Box
      sx={{
        display: 'grid',
        gap: 1,
        mt: 2,
        gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'repeat(2, minmax(0, 1fr))' },
      }}
    >
      {connectLines(database, doors, user).map(({ client, line }) => (
        <CodeLine key={client} text={line} what={`${client} line for ${database.name}`} />
      ))}
    </Box>
  )
}
