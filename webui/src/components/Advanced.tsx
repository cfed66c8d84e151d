import ExpandIcon from '@mui/icons-material/ExpandMore'
import Accordion from '@mui/material/Accordion'
import AccordionDetails from '@mui/material/AccordionDetails'
import AccordionSummary from '@mui/material/AccordionSummary'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import type { ReactNode } from 'react'

interface AdvancedProps {
  /** What the fields are about. */
  readonly about: string
  readonly children: ReactNode
}

/** Fields of a form that are sensible as they are, folded away. */
export function Advanced({ about, children }: AdvancedProps) {
  return (
    <Accordion
      variant="outlined"
      disableGutters
      sx={{ borderRadius: 1, '&::before': { display: 'none' } }}
    >
      <AccordionSummary expandIcon={<ExpandIcon />}>
        <Typography sx={{ fontWeight: 560 }}>Advanced</Typography>
        <Typography variant="body2" sx={{ ml: 1, color: 'text.secondary' }}>
          {about}
        </Typography>
      </AccordionSummary>
      <AccordionDetails>
        <Stack sx={{ gap: 2.5 }}>{children}</Stack>
      </AccordionDetails>
    </Accordion>
  )
}
