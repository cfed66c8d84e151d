import AutoIcon from '@mui/icons-material/BrightnessAutoOutlined'
import DarkIcon from '@mui/icons-material/DarkModeOutlined'
import LightIcon from '@mui/icons-material/LightModeOutlined'
import IconButton from '@mui/material/IconButton'
import { useColorScheme } from '@mui/material/styles'
import Tooltip from '@mui/material/Tooltip'

const MODES = {
  system: { Icon: AutoIcon, label: 'Theme: as the system', next: 'light' },
  light: { Icon: LightIcon, label: 'Theme: light', next: 'dark' },
  dark: { Icon: DarkIcon, label: 'Theme: dark', next: 'system' },
} as const

/** Light, dark, or as the system: each press goes on to the next. */
export function ColorModeButton() {
  const { mode = 'system', setMode } = useColorScheme()
  const { Icon, label, next } = MODES[mode]
  return (
    <Tooltip title={label}>
      <IconButton aria-label={`${label}. Switch to ${next}`} onClick={() => setMode(next)}>
        <Icon fontSize="small" />
      </IconButton>
    </Tooltip>
  )
}
