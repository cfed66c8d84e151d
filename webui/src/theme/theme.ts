import { createTheme } from '@mui/material/styles'
import { DARK, LIGHT } from './palette.ts'

export const SANS =
  "'Inter Variable', system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif"
export const MONO =
  "'JetBrains Mono Variable', ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace"

const heading = { fontWeight: 640, letterSpacing: '-0.014em', lineHeight: 1.25 }

export const theme = createTheme({
  cssVariables: { colorSchemeSelector: 'data-color-scheme' },
  colorSchemes: { light: { palette: LIGHT }, dark: { palette: DARK } },
  shape: { borderRadius: 8 },
  typography: {
    fontFamily: SANS,
    fontSize: 14,
    h1: { ...heading, fontSize: '1.5rem' },
    h2: { ...heading, fontSize: '1.0625rem' },
    h3: { ...heading, fontSize: '0.9375rem' },
    body1: { fontSize: '0.9375rem', lineHeight: 1.55 },
    body2: { fontSize: '0.875rem', lineHeight: 1.5 },
    caption: { fontSize: '0.78125rem', lineHeight: 1.45 },
    overline: { fontSize: '0.71875rem', fontWeight: 600, letterSpacing: '0.06em', lineHeight: 1.6 },
    button: { fontWeight: 560, textTransform: 'none', letterSpacing: 0 },
  },
  components: {
    MuiCssBaseline: {
      styleOverrides: {
        body: { fontFeatureSettings: "'cv05', 'ss03'" },
        'code, pre, kbd': { fontFamily: MONO, fontSize: '0.92em' },
        '@media (prefers-reduced-motion: reduce)': {
          '*, *::before, *::after': {
            animationDuration: '1ms !important',
            transition: 'none !important',
          },
        },
      },
    },
    MuiPaper: { styleOverrides: { root: { backgroundImage: 'none' } } },
    MuiCard: {
      defaultProps: { variant: 'outlined' },
      styleOverrides: { root: { borderRadius: 12 } },
    },
    MuiButton: {
      defaultProps: { disableElevation: true },
      styleOverrides: { root: { borderRadius: 8 }, sizeMedium: { minHeight: 38 } },
    },
    MuiButtonBase: {
      styleOverrides: {
        root: ({ theme: { vars } }) => ({
          '&.Mui-focusVisible': {
            outline: `2px solid ${vars?.palette.primary.main}`,
            outlineOffset: 2,
          },
        }),
      },
    },
    MuiTextField: { defaultProps: { size: 'small', fullWidth: true } },
    MuiSelect: { defaultProps: { size: 'small' } },
    MuiFormControl: { defaultProps: { size: 'small' } },
    MuiDialog: {
      defaultProps: { fullWidth: true, maxWidth: 'sm' },
      // A form between paper and content must not keep the content from scrolling, nor the actions from staying.
      styleOverrides: {
        paper: { '& > form': { display: 'flex', flexDirection: 'column', minHeight: 0 } },
      },
    },
    MuiDialogTitle: { styleOverrides: { root: { fontSize: '1.125rem', fontWeight: 640 } } },
    // Three of them take two lines on a small screen, each button one.
    MuiDialogActions: {
      defaultProps: { disableSpacing: true },
      styleOverrides: {
        root: {
          flexWrap: 'wrap',
          gap: 8,
          padding: '12px 24px 20px',
          '& > button': { whiteSpace: 'nowrap' },
        },
      },
    },
    MuiTooltip: { defaultProps: { arrow: true, enterDelay: 400, describeChild: true } },
    MuiChip: { styleOverrides: { root: { fontWeight: 540 }, sizeSmall: { height: 22 } } },
    MuiTableCell: {
      styleOverrides: {
        head: ({ theme: { vars } }) => ({
          color: vars?.palette.text.secondary,
          fontSize: '0.78125rem',
          fontWeight: 600,
          whiteSpace: 'nowrap',
        }),
        root: ({ theme: { vars } }) => ({ borderColor: vars?.palette.divider }),
      },
    },
    MuiAlert: { styleOverrides: { root: { borderRadius: 10 } } },
  },
})
