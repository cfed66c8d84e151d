import AddIcon from '@mui/icons-material/Add'
import LearnIcon from '@mui/icons-material/SchoolOutlined'
import Button from '@mui/material/Button'
import MuiTab from '@mui/material/Tab'
import Tabs from '@mui/material/Tabs'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { Page } from '../../components/Page.tsx'
import { useMay } from '../../services/session.ts'
import { Applications } from './Applications.tsx'
import { BypassDialog } from './BypassDialog.tsx'
import { Bypasses } from './Bypasses.tsx'
import { LearnDialog } from './LearnDialog.tsx'
import { MaskDialog } from './MaskDialog.tsx'
import { Masks } from './Masks.tsx'
import { RuleDialog } from './RuleDialog.tsx'
import { Rules } from './Rules.tsx'
import type { Tab } from './search.ts'

const route = getRouteApi('/app/firewall')

const ABOUT: Record<Tab, { readonly label: string; readonly add: string }> = {
  rules: { label: 'Rules', add: 'Add rule' },
  bypasses: { label: 'Bypasses', add: 'Add bypass' },
  learning: { label: 'Learning', add: 'Learn' },
  masking: { label: 'Masking', add: 'Add mask' },
}

export function FirewallPage() {
  const { tab = 'rules' } = route.useSearch()
  const navigate = route.useNavigate()
  const mayWrite = useMay('policies:write')
  const [isAdding, setAdding] = useState(false)
  return (
    <Page
      title="Firewall"
      description="Rules of your own, dated exceptions to a rule, what applications are known to send, and columns that are masked. Grants and the signs of injection are judged besides, on every door."
      actions={
        mayWrite && (
          <Button
            variant="contained"
            startIcon={tab === 'learning' ? <LearnIcon /> : <AddIcon />}
            onClick={() => setAdding(true)}
          >
            {ABOUT[tab].add}
          </Button>
        )
      }
    >
      <Tabs
        value={tab}
        variant="scrollable"
        aria-label="Firewall"
        sx={{ mb: 2 }}
        onChange={(_, chosen: Tab) => void navigate({ search: { tab: chosen }, replace: true })}
      >
        {Object.entries(ABOUT).map(([value, { label }]) => (
          <MuiTab key={value} value={value} label={label} />
        ))}
      </Tabs>
      <Content tab={tab} onAdd={() => setAdding(true)} />
      {isAdding && <AddDialog tab={tab} onClose={() => setAdding(false)} />}
    </Page>
  )
}

function Content({ tab, onAdd }: { readonly tab: Tab; readonly onAdd: () => void }) {
  switch (tab) {
    case 'rules':
      return <Rules onAdd={onAdd} />
    case 'bypasses':
      return <Bypasses />
    case 'learning':
      return <Applications onLearn={onAdd} />
    case 'masking':
      return <Masks onAdd={onAdd} />
  }
}

function AddDialog({ tab, onClose }: { readonly tab: Tab; readonly onClose: () => void }) {
  switch (tab) {
    case 'rules':
      return <RuleDialog onClose={onClose} />
    case 'bypasses':
      return <BypassDialog onClose={onClose} />
    case 'learning':
      return <LearnDialog onClose={onClose} />
    case 'masking':
      return <MaskDialog onClose={onClose} />
  }
}
