import type { SqlFile } from '@articdbm/contract'
import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import { TimeText } from '../../components/TimeText.tsx'

interface ChangedMeanwhileProps {
  readonly file: SqlFile
  readonly onRead: () => void
}

/** The page shows another text than it began with: nobody approves or runs what they didn't read. */
export function ChangedMeanwhile({ file, onRead }: ChangedMeanwhileProps) {
  return (
    <Alert
      severity="warning"
      action={
        <Button color="inherit" size="small" onClick={onRead}>
          I have read it
        </Button>
      }
    >
      {file.uploadedBy} changed this text <TimeText at={file.uploadedAt} />, while it was open here.
      What is shown now is the new one: read it before you approve or run it.
    </Alert>
  )
}
