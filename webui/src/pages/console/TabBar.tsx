import AddIcon from '@mui/icons-material/Add'
import CloseIcon from '@mui/icons-material/Close'
import Box from '@mui/material/Box'
import ButtonBase from '@mui/material/ButtonBase'
import CircularProgress from '@mui/material/CircularProgress'
import IconButton from '@mui/material/IconButton'
import Tooltip from '@mui/material/Tooltip'
import type { Tab, Tabs } from './tabs.ts'

interface TabBarProps {
  readonly tabs: Tabs
  readonly isRunning: (id: string) => boolean
  readonly onChoose: (id: string) => void
  readonly onClose: (id: string) => void
  readonly onAdd: () => void
}

export function TabBar({ tabs, isRunning, onChoose, onClose, onAdd }: TabBarProps) {
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 0.5, px: 1, pt: 1, overflowX: 'auto' }}>
      <Box role="tablist" aria-label="Queries" sx={{ display: 'flex', gap: 0.5 }}>
        {tabs.tabs.map((tab) => (
          <TabButton
            key={tab.id}
            tab={tab}
            isCurrent={tab.id === tabs.current}
            isRunning={isRunning(tab.id)}
            onChoose={() => onChoose(tab.id)}
            onClose={() => onClose(tab.id)}
          />
        ))}
      </Box>
      <Tooltip title="New query">
        <IconButton size="small" aria-label="New query" onClick={onAdd}>
          <AddIcon fontSize="small" />
        </IconButton>
      </Tooltip>
    </Box>
  )
}

interface TabButtonProps {
  readonly tab: Tab
  readonly isCurrent: boolean
  readonly isRunning: boolean
  readonly onChoose: () => void
  readonly onClose: () => void
}

function TabButton({ tab, isCurrent, isRunning, onChoose, onClose }: TabButtonProps) {
  return (
    <Box sx={{ ...TAB, ...(isCurrent ? CURRENT : {}) }}>
      <ButtonBase
        role="tab"
        aria-selected={isCurrent}
        onClick={onChoose}
        onAuxClick={(event) => event.button === 1 && onClose()}
        sx={{ pl: 1.5, pr: 0.5, py: 0.75, gap: 0.75, fontSize: 13, fontFamily: 'inherit' }}
      >
        {isRunning && <CircularProgress size={12} aria-label="Running" />}
        {titleOf(tab)}
      </ButtonBase>
      <IconButton
        size="small"
        aria-label={`Close ${tab.title}`}
        onClick={onClose}
        sx={{ p: 0.25, mr: 0.5 }}
      >
        <CloseIcon sx={{ fontSize: 14 }} />
      </IconButton>
    </Box>
  )
}

function titleOf({ title, database }: Tab): string {
  return database ? `${title} · ${database}` : title
}

const TAB = {
  display: 'flex',
  alignItems: 'center',
  whiteSpace: 'nowrap',
  borderRadius: '8px 8px 0 0',
  color: 'text.secondary',
  borderBottom: 2,
  borderColor: 'transparent',
} as const

const CURRENT = {
  color: 'text.primary',
  fontWeight: 560,
  borderColor: 'primary.main',
  bgcolor: 'action.hover',
} as const
