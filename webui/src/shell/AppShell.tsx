import MenuIcon from '@mui/icons-material/Menu'
import Box from '@mui/material/Box'
import Drawer from '@mui/material/Drawer'
import IconButton from '@mui/material/IconButton'
import Toolbar from '@mui/material/Toolbar'
import { Outlet, useRouter } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { ColorModeButton } from '../components/ColorModeButton.tsx'
import { LiveProvider } from '../services/LiveProvider.tsx'
import { useMe } from '../services/session.ts'
import { AccountMenu } from './AccountMenu.tsx'
import { LiveBadge } from './LiveBadge.tsx'
import { Navigation } from './Navigation.tsx'
import { SkipLink } from './SkipLink.tsx'

const DRAWER_WIDTH = 244

/** The frame around every page behind the login. When a login ends, the route's guard leads to the login page. */
export function AppShell() {
  const isSomebody = useMe() !== null
  const router = useRouter()
  useEffect(() => {
    if (!isSomebody) void router.invalidate()
  }, [isSomebody, router])
  if (!isSomebody) return null
  return (
    <LiveProvider>
      <Frame />
    </LiveProvider>
  )
}

function Frame() {
  const [isOpen, setOpen] = useState(false)
  const paper = { width: DRAWER_WIDTH, borderColor: 'divider', bgcolor: 'background.paper' }
  return (
    <Box sx={{ display: 'flex', minHeight: '100dvh' }}>
      <SkipLink />
      <Drawer
        open={isOpen}
        onClose={() => setOpen(false)}
        sx={{ display: { md: 'none' } }}
        slotProps={{ paper: { sx: paper } }}
      >
        <Navigation onLeave={() => setOpen(false)} />
      </Drawer>
      <Drawer
        variant="permanent"
        sx={{ display: { xs: 'none', md: 'block' }, width: DRAWER_WIDTH, flexShrink: 0 }}
        slotProps={{ paper: { sx: paper } }}
      >
        <Navigation onLeave={() => setOpen(false)} />
      </Drawer>
      <Box sx={{ flex: 1, minWidth: 0, display: 'flex', flexDirection: 'column' }}>
        <TopBar onMenu={() => setOpen(true)} />
        <Box
          component="main"
          id="main"
          tabIndex={-1}
          sx={{
            flex: 1,
            minWidth: 0,
            p: { xs: 2, sm: 3 },
            outline: 'none',
            display: 'flex',
            flexDirection: 'column',
          }}
        >
          <Outlet />
        </Box>
      </Box>
    </Box>
  )
}

function TopBar({ onMenu }: { readonly onMenu: () => void }) {
  return (
    <Box
      component="header"
      sx={{
        position: 'sticky',
        top: 0,
        zIndex: 'appBar',
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: 'background.default',
      }}
    >
      <Toolbar variant="dense" sx={{ gap: 0.5, minHeight: 52 }}>
        <IconButton
          aria-label="Open the menu"
          onClick={onMenu}
          sx={{ display: { md: 'none' }, ml: -1 }}
        >
          <MenuIcon />
        </IconButton>
        <Box sx={{ flex: 1 }} />
        <LiveBadge />
        <ColorModeButton />
        <AccountMenu />
      </Toolbar>
    </Box>
  )
}
