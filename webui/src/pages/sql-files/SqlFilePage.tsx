import type { SqlFile } from '@articdbm/contract'
import EditIcon from '@mui/icons-material/EditOutlined'
import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { ListSkeleton } from '../../components/ListTable.tsx'
import { Page } from '../../components/Page.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { TextLink } from '../../components/TextLink.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { useMay } from '../../services/session.ts'
import { sqlFileOptions } from '../../services/sql-files.ts'
import { Approval } from './Approval.tsx'
import { ChangeDialog } from './ChangeDialog.tsx'
import { ChangedMeanwhile } from './ChangedMeanwhile.tsx'
import { Runs } from './Runs.tsx'
import { Statements } from './Statements.tsx'

const route = getRouteApi('/app/sql-files/$id')

export function SqlFilePage() {
  const { id } = route.useParams()
  const file = useQuery(sqlFileOptions(id))
  if (file.data) return <FilePage key={id} file={file.data} />
  return (
    <Page title="SQL file" description={<BackLink />}>
      {file.isPending && <ListSkeleton label="Loading the file" />}
      <ServerError
        title="This file can’t be shown"
        error={file.error}
        onRetry={() => void file.refetch()}
      />
    </Page>
  )
}

function BackLink() {
  return <TextLink to="/sql-files">All SQL files</TextLink>
}

function FilePage({ file }: { readonly file: SqlFile }) {
  const mayWrite = useMay('sql-files:write')
  const [read, setRead] = useState(contentOf(file))
  const [changed, setChanged] = useState<SqlFile>()
  const isRead = read === contentOf(file)
  return (
    <Page
      title={file.name}
      description={<About file={file} />}
      actions={
        mayWrite && (
          <Button variant="outlined" startIcon={<EditIcon />} onClick={() => setChanged(file)}>
            Change
          </Button>
        )
      }
    >
      <Stack sx={{ gap: 2.5 }}>
        {!isRead && <ChangedMeanwhile onRead={() => setRead(contentOf(file))} />}
        <Approval file={file} isRead={isRead} />
        <Runs file={file} isRead={isRead} />
        <Statements file={file} />
      </Stack>
      {changed && (
        <ChangeDialog
          file={changed}
          onClose={() => setChanged(undefined)}
          onChanged={(saved) => {
            setRead(contentOf(saved))
            setChanged(undefined)
          }}
        />
      )}
    </Page>
  )
}

/** What an approval is about; the version changes with the approval itself. */
function contentOf({ sha256, isTransaction }: SqlFile): string {
  return `${sha256} ${isTransaction}`
}

function About({ file }: { readonly file: SqlFile }) {
  return (
    <>
      <BackLink />. For {file.database}, uploaded <TimeText at={file.uploadedAt} /> by{' '}
      {file.uploadedBy},{' '}
      {file.isTransaction ? 'one transaction.' : 'each statement a transaction of its own.'}
    </>
  )
}
