import { useColorScheme } from '@mui/material/styles'
import { DARK, LIGHT } from '../../theme/palette.ts'

function pick(palette: typeof LIGHT | typeof DARK) {
  return {
    primary: palette.primary.main,
    secondary: palette.secondary.main,
    error: palette.error.main,
    warning: palette.warning.main,
    text: palette.text.secondary,
    grid: palette.divider,
  }
}

export type Colors = ReturnType<typeof pick>

const COLORS: Record<'light' | 'dark', Colors> = { light: pick(LIGHT), dark: pick(DARK) }

/** Canvas knows no CSS variables: the colours of the scheme that is shown. */
export function useColors(): Colors {
  const { mode, systemMode } = useColorScheme()
  const shown = mode === 'system' ? systemMode : mode
  return COLORS[shown ?? 'light']
}
