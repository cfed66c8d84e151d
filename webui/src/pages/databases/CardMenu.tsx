import DeleteIcon from '@mui/icons-material/DeleteOutlined'
import PoolIcon from '@mui/icons-material/DeviceHubOutlined'
import EditIcon from '@mui/icons-material/EditOutlined'
import MoreIcon from '@mui/icons-material/MoreVert'
import GrantIcon from '@mui/icons-material/VpnKeyOutlined'
import IconButton from '@mui/material/IconButton'
import ListItemIcon from '@mui/material/ListItemIcon'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { createLink } from '@tanstack/react-router'
import { useState } from 'react'

const LinkItem = createLink(MenuItem)

interface CardMenuProps {
  readonly name: string
  readonly onEdit: () => void
  readonly onPool: () => void
  readonly onRemove: () => void
}

export function CardMenu({ name, onEdit, onPool, onRemove }: CardMenuProps) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  const choose = (choice: () => void) => () => {
    setAnchor(null)
    choice()
  }
  return (
    <>
      <IconButton
        aria-label={`More for ${name}`}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <MoreIcon fontSize="small" />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        <MenuItem onClick={choose(onEdit)}>
          <ListItemIcon>
            <EditIcon fontSize="small" />
          </ListItemIcon>
          Edit
        </MenuItem>
        <MenuItem onClick={choose(onPool)}>
          <ListItemIcon>
            <PoolIcon fontSize="small" />
          </ListItemIcon>
          Connections
        </MenuItem>
        <LinkItem to="/grants" search={{ database: name }}>
          <ListItemIcon>
            <GrantIcon fontSize="small" />
          </ListItemIcon>
          Grants
        </LinkItem>
        <MenuItem onClick={choose(onRemove)} sx={{ color: 'error.main' }}>
          <ListItemIcon sx={{ color: 'inherit' }}>
            <DeleteIcon fontSize="small" />
          </ListItemIcon>
          Remove
        </MenuItem>
      </Menu>
    </>
  )
}
