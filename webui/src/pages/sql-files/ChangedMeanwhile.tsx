import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'

/** The page shows another file than it began with: nobody approves or runs what they didn't read. */
export function ChangedMeanwhile({ onRead }: { readonly onRead: () => void }) {
  return (
    <Alert
      severity="warning"
      action={
        <Button color="inherit" size="small" onClick={onRead} sx={{ whiteSpace: 'nowrap' }}>
          I have read it
        </Button>
      }
    >
      This file was changed while it was open here. What is shown now is the new one: read it before
      you approve or run it.
    </Alert>
  )
}
