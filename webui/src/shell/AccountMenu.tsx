import LogOutIcon from '@mui/icons-material/LogoutOutlined'
import AccountIcon from '@mui/icons-material/ManageAccountsOutlined'
import Avatar from '@mui/material/Avatar'
import Box from '@mui/material/Box'
import Divider from '@mui/material/Divider'
import IconButton from '@mui/material/IconButton'
import ListItemIcon from '@mui/material/ListItemIcon'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import Tooltip from '@mui/material/Tooltip'
import Typography from '@mui/material/Typography'
import { createLink } from '@tanstack/react-router'
import { useState } from 'react'
import { useToast } from '../components/Toasts.tsx'
import { describeFailure } from '../services/failure.ts'
import { useLogOut, useMe } from '../services/session.ts'
import { ROLES } from '../services/words.ts'

const LinkItem = createLink(MenuItem)

/** Who I am, my account, and the way out. */
export function AccountMenu() {
  const me = useMe()
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const logOut = useLogOut()
  const toast = useToast()
  if (!me) return null
  const { name, displayName, role } = me.user
  const close = () => setAnchor(null)
  return (
    <>
      <Tooltip title={`Logged in as ${name}`}>
        <IconButton
          aria-label={`Account of ${name}`}
          aria-haspopup="menu"
          aria-expanded={anchor !== null}
          onClick={(event) => setAnchor(event.currentTarget)}
        >
          <Initial name={displayName || name} />
        </IconButton>
      </Tooltip>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={close}>
        <Box sx={{ px: 2, pt: 0.5, pb: 1.25, minWidth: 200 }}>
          <Typography sx={{ fontWeight: 600 }}>{displayName || name}</Typography>
          <Typography variant="caption" sx={{ color: 'text.secondary' }}>
            {name} · {ROLES[role].label}
          </Typography>
        </Box>
        <Divider sx={{ mb: 0.5 }} />
        <LinkItem to="/account" onClick={close}>
          <ListItemIcon>
            <AccountIcon fontSize="small" />
          </ListItemIcon>
          My account
        </LinkItem>
        <MenuItem
          disabled={logOut.isPending}
          onClick={() =>
            logOut.mutate(undefined, {
              onError: (error) =>
                toast(`Still logged in: ${describeFailure(error).message}`, 'error'),
            })
          }
        >
          <ListItemIcon>
            <LogOutIcon fontSize="small" />
          </ListItemIcon>
          Log out
        </MenuItem>
      </Menu>
    </>
  )
}

function Initial({ name }: { readonly name: string }) {
  return (
    <Avatar
      sx={{
        width: 30,
        height: 30,
        fontSize: 14,
        fontWeight: 620,
        bgcolor: 'primary.main',
        color: 'primary.contrastText',
      }}
    >
      {name.slice(0, 1).toUpperCase()}
    </Avatar>
  )
}
