import Box from '@mui/material/Box'
import Card from '@mui/material/Card'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'
import { ColorModeButton } from '../../components/ColorModeButton.tsx'
import { Logo } from '../../components/Logo.tsx'
import { useTitle } from '../../components/Page.tsx'

interface LoginFrameProps {
  readonly title: string
  readonly description: ReactNode
  readonly children: ReactNode
}

/** The one card in the middle of the pages before the login. */
export function LoginFrame({ title, description, children }: LoginFrameProps) {
  useTitle(title)
  return (
    <Box sx={BACKDROP}>
      <Box sx={{ position: 'absolute', top: 12, right: 12 }}>
        <ColorModeButton />
      </Box>
      <Box component="main" sx={{ width: '100%', maxWidth: 408 }}>
        <Box
          sx={{ display: 'flex', alignItems: 'center', justifyContent: 'center', gap: 1.25, mb: 3 }}
        >
          <Logo size={36} />
          <Typography sx={{ fontSize: 22, fontWeight: 690, letterSpacing: '-0.025em' }}>
            ArticDBM
          </Typography>
        </Box>
        <Card sx={{ p: { xs: 3, sm: 4 }, boxShadow: '0 16px 48px -24px rgb(6 40 58 / 35%)' }}>
          <Typography variant="h1">{title}</Typography>
          <Typography variant="body2" sx={{ color: 'text.secondary', mt: 0.75, mb: 3 }}>
            {description}
          </Typography>
          {children}
        </Card>
      </Box>
    </Box>
  )
}

const BACKDROP = {
  position: 'relative',
  minHeight: '100dvh',
  display: 'grid',
  placeItems: 'center',
  p: 2,
  background: [
    'radial-gradient(60rem 32rem at 15% -10%, color-mix(in srgb, var(--mui-palette-primary-main) 16%, transparent), transparent 70%)',
    'radial-gradient(48rem 30rem at 100% 110%, color-mix(in srgb, var(--mui-palette-secondary-main) 14%, transparent), transparent 70%)',
  ].join(','),
} as const
