import type { DatabaseTest } from '@articdbm/contract'
import Alert from '@mui/material/Alert'
import AlertTitle from '@mui/material/AlertTitle'
import type { SxProps, Theme } from '@mui/material/styles'
import { ServerError } from '../../components/ServerError.tsx'
import { describeMs } from '../../services/figures.ts'
import { adviceFor } from './advice.ts'

interface TestOutcomeProps {
  readonly test: DatabaseTest | undefined
  readonly error: unknown
  readonly sx?: SxProps<Theme>
}

/** How a connection test through the gateway went, and what to do when it didn't. */
export function TestOutcome({ test, error, sx = {} }: TestOutcomeProps) {
  if (error) return <ServerError title="The test could not be made" error={error} sx={sx} />
  if (!test) return null
  if (!test.isReachable)
    return (
      <Alert severity="error" sx={sx}>
        <AlertTitle>The database does not answer</AlertTitle>
        {test.message}
        <br />
        {adviceFor(test.message)}
      </Alert>
    )
  return (
    <Alert severity="success" sx={sx}>
      <AlertTitle>It answers</AlertTitle>
      {test.serverVersion && <span>{test.serverVersion} · </span>}
      {test.latencyMs !== null && (
        <span>{describeMs(test.latencyMs)} through the gateway and back</span>
      )}
    </Alert>
  )
}
