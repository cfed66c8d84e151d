import type { AuditEntry } from '@articdbm/contract'
import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import { ServerError } from '../../components/ServerError.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { useAddHabit } from '../../services/learning.ts'
import { useMay } from '../../services/session.ts'

/** For a statement that is new to its application: it is known from now on, or denied. */
export function DecideHabit({ entry: { id, rule, application } }: { readonly entry: AuditEntry }) {
  const mayWrite = useMay('policies:write')
  const add = useAddHabit()
  const toast = useToast()
  if (!mayWrite || !rule.startsWith('learning.')) return null
  const decide = (state: 'promoted' | 'denied', told: string) =>
    add.mutate(
      { auditId: id, state },
      { onSuccess: () => toast(`${application || 'This application'} ${told}`) },
    )
  return (
    <Stack sx={{ gap: 1 }}>
      <Stack direction="row" sx={{ gap: 1 }}>
        <Button
          variant="outlined"
          disabled={add.isPending}
          onClick={() => decide('promoted', 'may do this from now on')}
        >
          Promote
        </Button>
        <Button
          color="error"
          disabled={add.isPending}
          onClick={() => decide('denied', 'may not do this')}
        >
          Deny
        </Button>
      </Stack>
      <ServerError error={add.error} />
    </Stack>
  )
}
