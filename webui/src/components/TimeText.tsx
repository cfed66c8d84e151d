import Tooltip from '@mui/material/Tooltip'
import { describeAge, describeInstant } from '../services/time.ts'

/** An instant: how long ago, and exactly when on hover or focus. */
export function TimeText({ at, exact = false }: { readonly at: string; readonly exact?: boolean }) {
  const instant = describeInstant(at)
  if (exact) return <time dateTime={at}>{instant}</time>
  return (
    <Tooltip title={instant}>
      <time dateTime={at}>{describeAge(at, Date.now())}</time>
    </Tooltip>
  )
}
