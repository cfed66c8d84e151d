import type { AuditEntry } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Typography from '@mui/material/Typography'
import { MONO } from '../../theme/theme.ts'

/** What the firewall saw in the statement, the surest first. */
export function Findings({ entry }: { readonly entry: AuditEntry }) {
  if (entry.findings.length === 0) return null
  const findings = entry.findings.toSorted((left, right) => right.confidence - left.confidence)
  return (
    <Box component="section" aria-label="Findings">
      <Typography variant="caption" sx={{ color: 'text.secondary', fontWeight: 560 }}>
        Findings
      </Typography>
      <Box component="ul" sx={{ m: 0, mt: 0.5, pl: 2.5 }}>
        {findings.map(({ category, confidence, why, start, end }) => (
          <Typography
            key={`${category} ${start} ${end} ${why}`}
            component="li"
            variant="body2"
            sx={{ overflowWrap: 'anywhere' }}
          >
            <Box component="span" sx={{ fontFamily: MONO, fontSize: 12.5 }}>
              {category}
            </Box>{' '}
            {confidence} of 100: {why}
          </Typography>
        ))}
      </Box>
    </Box>
  )
}
