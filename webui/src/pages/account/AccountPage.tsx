import Box from '@mui/material/Box'
import Stack from '@mui/material/Stack'
import { Page } from '../../components/Page.tsx'
import { Panel } from '../../components/Panel.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { useMe } from '../../services/session.ts'
import { ROLES } from '../../services/words.ts'
import { PasswordForm } from '../login/PasswordForm.tsx'
import { ApiKeysPanel } from './ApiKeysPanel.tsx'
import { LoginsPanel } from './LoginsPanel.tsx'

export function AccountPage() {
  const me = useMe()
  const toast = useToast()
  if (!me) return null
  const { name, role } = me.user
  return (
    <Page title="My account" description={`${name}, ${ROLES[role].label}. ${ROLES[role].hint}.`}>
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          alignItems: 'start',
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', lg: 'minmax(0, 2fr) minmax(300px, 1fr)' },
        }}
      >
        <Stack sx={{ gap: 2, minWidth: 0 }}>
          <ApiKeysPanel />
          <LoginsPanel />
        </Stack>
        <Panel title="Change my password">
          <PasswordForm
            currentLabel="Present password"
            action="Change it"
            onChanged={() => toast('Your password is changed; your other sessions have ended')}
          />
        </Panel>
      </Box>
    </Page>
  )
}
