import type { AuditEntry } from '@articdbm/contract'
import { BYPASSED_RULE } from '@articdbm/contract/bounds'
import Button from '@mui/material/Button'
import { useState } from 'react'
import { useMay } from '../../services/session.ts'
import { BypassDialog } from '../firewall/BypassDialog.tsx'

/** For a statement that was refused: lets it through from now on, for this person, until a time. */
export function MakeBypass({ entry }: { readonly entry: AuditEntry }) {
  const mayWrite = useMay('policies:write')
  const [isOpen, setOpen] = useState(false)
  const { verdict, rule, database, digest, principal } = entry
  const isOffered = mayWrite && verdict === 'block' && digest !== '' && BYPASSED_RULE.test(rule)
  if (!isOffered) return null
  const of = { database, rule, digest, user: principal }
  return (
    <>
      <Button variant="outlined" onClick={() => setOpen(true)} sx={{ alignSelf: 'flex-start' }}>
        Make a bypass
      </Button>
      {isOpen && <BypassDialog of={of} onClose={() => setOpen(false)} />}
    </>
  )
}
