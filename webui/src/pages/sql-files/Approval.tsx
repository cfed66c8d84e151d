import type { SqlFile } from '@articdbm/contract'
import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import { useState } from 'react'
import { ConfirmDialog } from '../../components/ConfirmDialog.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { useMay, useMe } from '../../services/session.ts'
import { useApproveSqlFile, useChangeSqlFile } from '../../services/sql-files.ts'
import { approvalOf } from './states.tsx'

interface ApprovalProps {
  readonly file: SqlFile
  readonly isRead: boolean
}

/** Whether the file may run, why not, and what the person who looks can do about it. */
export function Approval({ file, isRead }: ApprovalProps) {
  switch (approvalOf(file)) {
    case 'refused':
      return (
        <Alert severity="error">
          {refusedOf(file)}: change the file, then somebody else can approve it.
        </Alert>
      )
    case 'awaited':
      return <Awaited file={file} isRead={isRead} />
    case 'approved':
      return <Approved file={file} />
  }
}

function refusedOf({ checks }: SqlFile): string {
  const refused = checks.filter(({ action }) => action === 'block').length
  return refused === 1 ? 'A statement is refused' : `${refused} statements are refused`
}

function Awaited({ file, isRead }: ApprovalProps) {
  const mayApprove = useMay('sql-files:approve')
  const isMine = useMe()?.user.name === file.uploadedBy
  const [approved, setApproved] = useState<SqlFile>()
  if (isMine) {
    return (
      <Alert severity="info">
        You uploaded this text, so somebody else has to approve it: ask a maintainer or an admin.
      </Alert>
    )
  }
  if (!mayApprove) {
    return <Alert severity="info">A maintainer or an admin has to approve this text.</Alert>
  }
  return (
    <Alert
      severity="info"
      action={
        <Button variant="contained" disabled={!isRead} onClick={() => setApproved(file)}>
          Approve
        </Button>
      }
    >
      Nobody has approved this text yet. Read each statement below before you do.
      {approved && <ApproveDialog file={approved} onClose={() => setApproved(undefined)} />}
    </Alert>
  )
}

interface DialogProps {
  /** As it was read when the dialog was opened. */
  readonly file: SqlFile
  readonly onClose: () => void
}

function ApproveDialog({ file, onClose }: DialogProps) {
  const { id, name, database, sha256, version, checks } = file
  const approve = useApproveSqlFile()
  const toast = useToast()
  return (
    <ConfirmDialog
      title={`Approve ${name}?`}
      action="Approve"
      color="primary"
      keep="Not yet"
      isPending={approve.isPending}
      error={approve.error}
      onClose={onClose}
      onConfirm={() =>
        approve.mutate(
          { id, sha256, version },
          {
            onSuccess: () => {
              toast(`${name} is approved`)
              onClose()
            },
          },
        )
      }
    >
      Whoever may run files can then execute {statementsOf(checks.length)} on {database}, as often
      as they like, with their own grants. Any change of the text voids your approval.
    </ConfirmDialog>
  )
}

function statementsOf(count: number): string {
  return count === 1 ? 'its one statement' : `its ${count} statements`
}

function Approved({ file }: { readonly file: SqlFile }) {
  const mayWrite = useMay('sql-files:write')
  const [withdrawn, setWithdrawn] = useState<SqlFile>()
  return (
    <Alert
      severity="success"
      action={
        mayWrite && (
          <Button color="inherit" size="small" onClick={() => setWithdrawn(file)}>
            Withdraw
          </Button>
        )
      }
    >
      {file.approvedBy} approved this very text{' '}
      {file.approvedAt && <TimeText at={file.approvedAt} />}.
      {withdrawn && <WithdrawDialog file={withdrawn} onClose={() => setWithdrawn(undefined)} />}
    </Alert>
  )
}

function WithdrawDialog({ file, onClose }: DialogProps) {
  const { id, name, isTransaction, version } = file
  // A change that changes nothing: it voids the approval, and leaves the text its uploader's.
  const change = useChangeSqlFile()
  const toast = useToast()
  return (
    <ConfirmDialog
      title={`Withdraw the approval of ${name}?`}
      action="Withdraw"
      isPending={change.isPending}
      error={change.error}
      onClose={onClose}
      onConfirm={() =>
        change.mutate(
          { id, change: { isTransaction, version } },
          {
            onSuccess: () => {
              toast(`${name} awaits approval again`)
              onClose()
            },
          },
        )
      }
    >
      Nobody can run it until it is approved again. What it did already stays.
    </ConfirmDialog>
  )
}
