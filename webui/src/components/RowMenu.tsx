import MoreIcon from '@mui/icons-material/MoreVert'
import IconButton from '@mui/material/IconButton'
import Menu from '@mui/material/Menu'
import MenuItem from '@mui/material/MenuItem'
import { useState } from 'react'

export interface Choice {
  readonly label: string
  readonly choose: () => void
  readonly isDangerous?: boolean
}

/** What can be done with one row. */
export function RowMenu({
  of,
  choices,
}: {
  readonly of: string
  readonly choices: readonly Choice[]
}) {
  const [anchor, setAnchor] = useState<HTMLElement | null>(null)
  return (
    <>
      <IconButton
        size="small"
        aria-label={`More for ${of}`}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <MoreIcon fontSize="small" />
      </IconButton>
      <Menu anchorEl={anchor} open={anchor !== null} onClose={() => setAnchor(null)}>
        {choices.map(({ label, choose, isDangerous = false }) => (
          <MenuItem
            key={label}
            sx={isDangerous ? { color: 'error.main' } : {}}
            onClick={() => {
              setAnchor(null)
              choose()
            }}
          >
            {label}
          </MenuItem>
        ))}
      </Menu>
    </>
  )
}
