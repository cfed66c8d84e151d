import type { ChainVerification } from '@articdbm/contract'
import ChainIcon from '@mui/icons-material/LinkOutlined'
import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Button from '@mui/material/Button'
import Dialog from '@mui/material/Dialog'
import DialogActions from '@mui/material/DialogActions'
import DialogContent from '@mui/material/DialogContent'
import DialogTitle from '@mui/material/DialogTitle'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { CodeLine } from '../../components/CodeLine.tsx'
import { ServerError } from '../../components/ServerError.tsx'
import { useVerifyChain } from '../../services/audit.ts'
import { describeMs, plural } from '../../services/figures.ts'

/** Walks the whole chain of hashes on the server, and says whether any row was touched. */
export function VerifyChain({ onOpen }: { readonly onOpen: (id: string) => void }) {
  const verify = useVerifyChain()
  const [isShown, setShown] = useState(false)
  const close = () => setShown(false)
  return (
    <>
      <Button
        variant="outlined"
        startIcon={<ChainIcon />}
        loading={verify.isPending}
        loadingPosition="start"
        onClick={() => verify.mutate(undefined, { onSettled: () => setShown(true) })}
      >
        Verify the chain
      </Button>
      <Dialog open={isShown} onClose={close} aria-labelledby="chain-title">
        <DialogTitle id="chain-title">Chain of hashes</DialogTitle>
        <DialogContent>
          <ServerError error={verify.error} />
          {verify.data && (
            <Verification
              verification={verify.data}
              onOpen={(id) => {
                close()
                onOpen(id)
              }}
            />
          )}
        </DialogContent>
        <DialogActions>
          <Button onClick={close} variant="contained">
            Close
          </Button>
        </DialogActions>
      </Dialog>
    </>
  )
}

interface VerificationProps {
  readonly verification: ChainVerification
  readonly onOpen: (id: string) => void
}

function Verification({ verification, onOpen }: VerificationProps) {
  const { isIntact, entries, broken, head, durationMs } = verification
  return (
    <Stack sx={{ gap: 2 }}>
      {isIntact ? (
        <Alert severity="success">
          <AlertTitle>Intact</AlertTitle>
          {plural(entries, 'event')} walked in {describeMs(durationMs)}: none was edited, removed or
          slipped in.
        </Alert>
      ) : (
        <Alert
          severity="error"
          action={
            broken?.auditId && (
              <Button color="inherit" size="small" onClick={() => onOpen(broken.auditId)}>
                Show it
              </Button>
            )
          }
        >
          <AlertTitle>Broken at event {broken?.seq ?? entries}</AlertTitle>
          {broken?.why} Keep the store as it is, and compare with the newest hash that you kept
          elsewhere.
        </Alert>
      )}
      {head && (
        <>
          <Typography variant="body2">
            The newest hash. Kept elsewhere, it proves later that nothing was cut off:
          </Typography>
          <CodeLine text={head} what="newest hash" />
        </>
      )}
    </Stack>
  )
}
