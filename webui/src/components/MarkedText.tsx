import Box from '@mui/material/Box'
import { type Span, type Stretch, stretchesOf } from './spans.ts'

interface MarkedTextProps {
  readonly text: string
  readonly spans: readonly Span[]
}

/** A text with what the spans point at underlined. */
export function MarkedText({ text, spans }: MarkedTextProps) {
  return stretchesOf(text, spans).map((stretch) => <Part key={stretch.start} stretch={stretch} />)
}

function Part({ stretch: { text, isMarked } }: { readonly stretch: Stretch }) {
  if (!isMarked) return text
  return (
    <Box
      component="mark"
      sx={{
        color: 'inherit',
        bgcolor: 'color-mix(in srgb, var(--mui-palette-error-main) 22%, transparent)',
        borderRadius: 0.5,
        textDecoration: 'underline wavy',
        textDecorationColor: 'var(--mui-palette-error-main)',
        textUnderlineOffset: 3,
      }}
    >
      {text}
    </Box>
  )
}
