import Box from '@mui/material/Box'
import List from '@mui/material/List'
import ListItem from '@mui/material/ListItem'
import ListItemButton from '@mui/material/ListItemButton'
import ListItemIcon from '@mui/material/ListItemIcon'
import ListItemText from '@mui/material/ListItemText'
import Typography from '@mui/material/Typography'
import { createLink } from '@tanstack/react-router'
import { Logo } from '../components/Logo.tsx'
import { useMe } from '../services/session.ts'
import { SECTIONS } from './navigation.ts'

const LinkButton = createLink(ListItemButton)

/** The ways through the application; `onLeave` closes the drawer on a small screen. */
export function Navigation({ onLeave }: { readonly onLeave: () => void }) {
  const permissions = useMe()?.permissions ?? []
  const sections = SECTIONS.map((section) => ({
    ...section,
    destinations: section.destinations.filter(
      ({ permission }) => permission === undefined || permissions.includes(permission),
    ),
  })).filter(({ destinations }) => destinations.length > 0)
  return (
    <Box component="nav" aria-label="Main" sx={{ p: 1.5 }}>
      <Brand />
      {sections.map(({ label, destinations }) => (
        <Box key={label} sx={{ mt: 2 }}>
          <Typography
            variant="overline"
            sx={{ px: 1.5, color: 'text.secondary' }}
            id={`nav-${label}`}
          >
            {label}
          </Typography>
          <List dense disablePadding aria-labelledby={`nav-${label}`}>
            {destinations.map(({ to, label: name, Icon }) => (
              <ListItem key={to} disablePadding sx={{ mb: 0.25 }}>
                <LinkButton
                  to={to}
                  activeOptions={{ exact: to === '/', includeSearch: false }}
                  activeProps={{ className: 'is-here', 'aria-current': 'page' }}
                  onClick={onLeave}
                  sx={LINK}
                >
                  <ListItemIcon sx={{ minWidth: 34, color: 'inherit' }}>
                    <Icon sx={{ fontSize: 20 }} />
                  </ListItemIcon>
                  <ListItemText
                    primary={name}
                    slotProps={{ primary: { sx: { fontSize: 14, fontWeight: 520 } } }}
                  />
                </LinkButton>
              </ListItem>
            ))}
          </List>
        </Box>
      ))}
    </Box>
  )
}

const LINK = {
  borderRadius: 1,
  color: 'text.secondary',
  '&:hover': { color: 'text.primary' },
  '&.is-here': {
    color: 'primary.main',
    bgcolor: 'color-mix(in srgb, var(--mui-palette-primary-main) 12%, transparent)',
  },
} as const

function Brand() {
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.25, px: 1, py: 0.75 }}>
      <Logo />
      <Box>
        <Typography sx={{ fontWeight: 680, letterSpacing: '-0.02em', lineHeight: 1.15 }}>
          ArticDBM
        </Typography>
        <Typography sx={{ fontSize: 11.5, color: 'text.secondary', lineHeight: 1.3 }}>
          One door to all databases
        </Typography>
      </Box>
    </Box>
  )
}
