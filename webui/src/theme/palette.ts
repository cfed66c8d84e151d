// Arctic light and polar night. Text pairs were chosen to pass WCAG 2.2 AA (4.5:1) on both surfaces.
export const LIGHT = {
  primary: { main: '#0b6a8f', dark: '#084f6b', light: '#3b93b5', contrastText: '#ffffff' },
  secondary: { main: '#0c7d7a', dark: '#095e5c', light: '#3aa5a2', contrastText: '#ffffff' },
  error: { main: '#c02c3a', contrastText: '#ffffff' },
  warning: { main: '#a05a00', contrastText: '#ffffff' },
  success: { main: '#0a7a57', contrastText: '#ffffff' },
  info: { main: '#1c6fb5', contrastText: '#ffffff' },
  background: { default: '#f4f8fa', paper: '#ffffff' },
  text: { primary: '#0e222d', secondary: '#48606f', disabled: '#7b909d' },
  divider: '#dbe6ec',
} as const

export const DARK = {
  primary: { main: '#5fc9e8', dark: '#38a9cb', light: '#93def3', contrastText: '#04202b' },
  secondary: { main: '#5fd4c8', dark: '#36b3a7', light: '#93e6dd', contrastText: '#04231f' },
  error: { main: '#ff8b92', contrastText: '#2c0508' },
  warning: { main: '#f3b562', contrastText: '#2b1a00' },
  success: { main: '#5ad6a8', contrastText: '#032318' },
  info: { main: '#84bdf5', contrastText: '#041e36' },
  background: { default: '#0a141b', paper: '#101e27' },
  text: { primary: '#e4eff5', secondary: '#9cb4c2', disabled: '#67808f' },
  divider: '#20333f',
} as const
