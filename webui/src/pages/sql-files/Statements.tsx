import type { SqlFile } from '@articdbm/contract'
import Box from '@mui/material/Box'
import Stack from '@mui/material/Stack'
import Typography from '@mui/material/Typography'
import { useMemo } from 'react'
import { CopyButton } from '../../components/CopyButton.tsx'
import { MarkedText } from '../../components/MarkedText.tsx'
import { Panel } from '../../components/Panel.tsx'
import { VerdictChip } from '../../components/states.tsx'
import { MONO } from '../../theme/theme.ts'
import { type Piece, piecesOf } from './pieces.ts'

/** All of the text, statement by statement, each with what it does and what the firewall says of it. */
export function Statements({ file }: { readonly file: SqlFile }) {
  const { text, checks } = file
  const pieces = useMemo(() => piecesOf(text, checks), [text, checks])
  return (
    <Panel title={titleOf(pieces.length)} aside={<CopyButton text={text} what="all of the text" />}>
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        What each does by itself. Grants, your rules and what was learnt are judged when it runs,
        for who runs it.
      </Typography>
      <Box component="ol" aria-label="Statements" sx={{ m: 0, p: 0, listStyle: 'none' }}>
        {pieces.map((piece, index) => (
          <Statement key={piece.check.start} piece={piece} number={index + 1} />
        ))}
      </Box>
    </Panel>
  )
}

function titleOf(count: number): string {
  return count === 1 ? 'One statement' : `${count} statements`
}

interface StatementProps {
  readonly piece: Piece
  readonly number: number
}

function Statement({ piece, number }: StatementProps) {
  const { action, rule, message, line, column } = piece.check
  return (
    <Box
      component="li"
      sx={{ mt: 2.5, contentVisibility: 'auto', containIntrinsicSize: 'auto 96px' }}
    >
      <Stack direction="row" sx={{ gap: 1.5, mb: 0.75, alignItems: 'center', flexWrap: 'wrap' }}>
        <Typography variant="body2" sx={{ fontWeight: 560 }}>
          {number}
        </Typography>
        <VerdictChip verdict={action} />
        <Typography variant="body2" sx={{ color: 'text.secondary', overflowWrap: 'anywhere' }}>
          {doesOf(piece)}
        </Typography>
      </Stack>
      {action !== 'allow' && (
        <Typography variant="body2" sx={{ mb: 0.75, color: COLORS[action] }}>
          <Box component="span" sx={{ fontFamily: MONO, fontSize: 12.5 }}>
            {rule}
          </Box>
          : {message} (line {line}, column {column})
        </Typography>
      )}
      <Code piece={piece} number={number} />
    </Box>
  )
}

const COLORS = { alert: 'warning.main', block: 'error.main' } as const

function doesOf({ check: { effects, relations } }: Piece): string {
  return relations.length > 0 ? relations.join(', ') : effects.join(', ')
}

/** The text beside the numbers of its lines; long ones scroll within. */
function Code({ piece: { text, line, spans }, number }: StatementProps) {
  const count = text.split('\n').length
  const numbers = Array.from({ length: count }, (_, at) => line + at).join('\n')
  return (
    <Box
      tabIndex={0}
      role="region"
      aria-label={`Text of statement ${number}`}
      sx={{
        display: 'flex',
        maxHeight: 420,
        overflow: 'auto',
        border: 1,
        borderColor: 'divider',
        borderRadius: 1,
        bgcolor: 'background.default',
        '& > pre': { m: 0, py: 1.25, fontFamily: MONO, fontSize: 12.5, lineHeight: 1.55 },
      }}
    >
      <Box
        component="pre"
        aria-hidden
        sx={{
          position: 'sticky',
          left: 0,
          px: 1.25,
          height: 'max-content',
          textAlign: 'right',
          color: 'text.secondary',
          bgcolor: 'background.default',
          userSelect: 'none',
        }}
      >
        {numbers}
      </Box>
      <Box component="pre" sx={{ pr: 1.5, height: 'max-content' }}>
        <MarkedText text={text} spans={spans} />
      </Box>
    </Box>
  )
}
