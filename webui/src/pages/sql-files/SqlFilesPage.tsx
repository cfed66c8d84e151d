import type { SqlFileSummary } from '@articdbm/contract'
import UploadIcon from '@mui/icons-material/UploadFileOutlined'
import Button from '@mui/material/Button'
import Card from '@mui/material/Card'
import Stack from '@mui/material/Stack'
import TableCell from '@mui/material/TableCell'
import TableRow from '@mui/material/TableRow'
import Typography from '@mui/material/Typography'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { EmptyState } from '../../components/EmptyState.tsx'
import { ListSkeleton, ListTable } from '../../components/ListTable.tsx'
import { DatabaseFilter } from '../../components/NameFilter.tsx'
import { Page } from '../../components/Page.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { TextLink } from '../../components/TextLink.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { useMay } from '../../services/session.ts'
import { type SqlFileFilter, sqlFilesOptions } from '../../services/sql-files.ts'
import { ApprovalChip } from './states.tsx'
import { UploadDialog } from './UploadDialog.tsx'

const route = getRouteApi('/app/sql-files')

export function SqlFilesPage() {
  const mayWrite = useMay('sql-files:write')
  const { add = false, ...filter } = route.useSearch()
  const navigate = route.useNavigate()
  const setAdding = (isAdding: boolean) =>
    void navigate({ search: isAdding ? { ...filter, add: true } : filter, replace: true })
  return (
    <Page
      title="SQL files"
      description="Migrations and patches: read statement by statement, approved by somebody else, then executed with the grants of who runs them."
      actions={mayWrite && <UploadButton onClick={() => setAdding(true)} />}
    >
      <Stack sx={{ mb: 2 }}>
        <DatabaseFilter
          value={filter.database}
          onChange={(database) =>
            void navigate({ search: database ? { database } : {}, replace: true })
          }
        />
      </Stack>
      <FileList filter={filter} onAdd={() => setAdding(true)} />
      {add && mayWrite && (
        <UploadDialog
          database={filter.database}
          onClose={() => setAdding(false)}
          onUploaded={({ id }) => void navigate({ to: '/sql-files/$id', params: { id } })}
        />
      )}
    </Page>
  )
}

function UploadButton({ onClick }: { readonly onClick: () => void }) {
  return (
    <Button variant="contained" startIcon={<UploadIcon />} onClick={onClick}>
      Upload a file
    </Button>
  )
}

interface FileListProps {
  readonly filter: SqlFileFilter
  readonly onAdd: () => void
}

function FileList({ filter, onAdd }: FileListProps) {
  const listed = useQuery(sqlFilesOptions(filter))
  if (listed.isPending) return <ListSkeleton label="Loading SQL files" />
  if (listed.error)
    return <ServerError error={listed.error} onRetry={() => void listed.refetch()} />
  const { files, total } = listed.data
  if (files.length === 0) return <NoFiles filter={filter} onAdd={onAdd} />
  return (
    <>
      <Card>
        <ListTable
          label="SQL files"
          columns={['File', 'State', 'Database', 'Uploaded', 'Approved']}
        >
          {files.map((file) => (
            <FileRow key={file.id} file={file} />
          ))}
        </ListTable>
      </Card>
      {total > files.length && (
        <Typography variant="body2" sx={{ mt: 1.5, color: 'text.secondary' }}>
          The newest {files.length} of {total.toLocaleString('en')}: choose a database to see
          others.
        </Typography>
      )}
    </>
  )
}

function FileRow({ file }: { readonly file: SqlFileSummary }) {
  return (
    <TableRow hover>
      <TableCell component="th" scope="row" sx={{ minWidth: 180, overflowWrap: 'anywhere' }}>
        <TextLink to="/sql-files/$id" params={{ id: file.id }} sx={{ fontWeight: 560 }}>
          {file.name}
        </TextLink>
      </TableCell>
      <TableCell>
        <ApprovalChip file={file} />
      </TableCell>
      <TableCell>{file.database}</TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>
        <TimeText at={file.uploadedAt} /> by {file.uploadedBy}
      </TableCell>
      <TableCell sx={{ whiteSpace: 'nowrap' }}>
        {file.approvedAt && (
          <>
            <TimeText at={file.approvedAt} /> by {file.approvedBy}
          </>
        )}
      </TableCell>
      <TableCell />
    </TableRow>
  )
}

function NoFiles({ filter, onAdd }: FileListProps) {
  const mayWrite = useMay('sql-files:write')
  return (
    <Card>
      <EmptyState
        icon={<UploadIcon />}
        title={filter.database ? `No file for ${filter.database}` : 'No SQL file yet'}
        action={mayWrite && <UploadButton onClick={onAdd} />}
      >
        A file carries a change to a database that two people should have seen: nothing is executed
        when it is uploaded. Each statement is read and shown with what it does; somebody else
        approves that very text; then it runs as one transaction, and the audit says who did what.
      </EmptyState>
    </Card>
  )
}
