import AddIcon from '@mui/icons-material/Add'
import Button from '@mui/material/Button'
import Tab from '@mui/material/Tab'
import Tabs from '@mui/material/Tabs'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { Page } from '../../components/Page.tsx'
import { useMay } from '../../services/session.ts'
import { BypassDialog } from './BypassDialog.tsx'
import { Bypasses } from './Bypasses.tsx'
import { RuleDialog } from './RuleDialog.tsx'
import { Rules } from './Rules.tsx'

const route = getRouteApi('/app/firewall')

export function FirewallPage() {
  const { tab = 'rules' } = route.useSearch()
  const navigate = route.useNavigate()
  const mayWrite = useMay('policies:write')
  const [isAdding, setAdding] = useState(false)
  const close = () => setAdding(false)
  const isRules = tab === 'rules'
  return (
    <Page
      title="Firewall"
      description="Rules of your own, and dated exceptions to a rule. Grants and the signs of injection are judged besides them, on every door."
      actions={
        mayWrite && (
          <Button variant="contained" startIcon={<AddIcon />} onClick={() => setAdding(true)}>
            {isRules ? 'Add rule' : 'Add bypass'}
          </Button>
        )
      }
    >
      <Tabs
        value={tab}
        aria-label="Firewall"
        sx={{ mb: 2 }}
        onChange={(_, chosen: string) =>
          void navigate({ search: chosen === 'rules' ? {} : { tab: 'bypasses' }, replace: true })
        }
      >
        <Tab value="rules" label="Rules" />
        <Tab value="bypasses" label="Bypasses" />
      </Tabs>
      {isRules ? <Rules onAdd={() => setAdding(true)} /> : <Bypasses />}
      {isAdding && isRules && <RuleDialog onClose={close} />}
      {isAdding && !isRules && <BypassDialog onClose={close} />}
    </Page>
  )
}
