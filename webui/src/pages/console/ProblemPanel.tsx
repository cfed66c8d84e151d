import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import Box from '@mui/material/Box'
import Link from '@mui/material/Link'
import { createLink } from '@tanstack/react-router'
import { CopyButton } from '../../components/CopyButton.tsx'
import type { Problem } from './run.ts'

const AuditLink = createLink(Link)

/** Why a statement failed, or by which rule it was denied. */
export function ProblemPanel({ problem }: { readonly problem: Problem }) {
  const { code, message, hint, verdictId } = problem
  if (verdictId) return <Denied problem={problem} />
  return (
    <Alert severity="error" sx={{ m: 1.5 }}>
      <AlertTitle>
        Error <code>{code}</code>
      </AlertTitle>
      {message}
      {hint && <Box sx={{ mt: 0.5, opacity: 0.9 }}>{hint}</Box>}
    </Alert>
  )
}

function Denied({ problem }: { readonly problem: Problem }) {
  const { rule, message, verdictId } = problem
  return (
    <Alert severity="error" variant="outlined" sx={{ m: 1.5, borderWidth: 2 }}>
      <AlertTitle>
        Denied by rule <code>{rule}</code>
      </AlertTitle>
      {message}
      <Box sx={{ opacity: 0.85 }}>The statement was not sent to the database.</Box>
      <Box
        sx={{
          display: 'flex',
          flexWrap: 'wrap',
          alignItems: 'center',
          columnGap: 1,
          mt: 1,
          fontSize: 13,
        }}
      >
        <span>
          Verdict <code>{verdictId}</code>
        </span>
        <CopyButton text={verdictId} what="verdict id" />
        <AuditLink to="/audit" search={{ event: verdictId }}>
          See it in the audit
        </AuditLink>
        <span>· With this id an administrator can find it, and grant access.</span>
      </Box>
    </Alert>
  )
}
