import UploadIcon from '@mui/icons-material/UploadFileOutlined'
import Box from '@mui/material/Box'
import Button from '@mui/material/Button'
import FormControlLabel from '@mui/material/FormControlLabel'
import Switch from '@mui/material/Switch'
import Typography from '@mui/material/Typography'
import { useState } from 'react'
import { Controller, useFormContext } from 'react-hook-form'
import { Field } from '../../components/Field.tsx'
import { VISUALLY_HIDDEN } from '../../theme/hidden.ts'
import { MONO } from '../../theme/theme.ts'
import { problemOfText, readSqlFile } from './read-file.ts'

export interface TextValues {
  readonly text: string
  readonly isTransaction: boolean
}

interface TextFieldsProps {
  /** With a file's own name, when one was chosen. */
  readonly onChosen?: (name: string) => void
}

/** The SQL, typed or out of a file; and whether it is one transaction. */
export function TextFields({ onChosen = () => undefined }: TextFieldsProps) {
  const { register, control, formState } = useFormContext<TextValues>()
  return (
    <>
      <Chooser onChosen={onChosen} />
      <Field
        label="SQL"
        multiline
        problem={formState.errors.text}
        helperText="At most 1 MiB and 500 statements"
        slotProps={{
          inputLabel: { shrink: true },
          // One that measures itself at each key would take a second for a file of 1 MiB.
          input: { inputComponent: 'textarea' },
          htmlInput: {
            rows: 12,
            spellCheck: false,
            sx: { fontFamily: MONO, fontSize: 12.5, lineHeight: 1.55, resize: 'vertical' },
          },
        }}
        {...register('text', { validate: (text) => problemOfText(text) ?? true })}
      />
      <Controller
        control={control}
        name="isTransaction"
        render={({ field: { value, onChange } }) => (
          <Box>
            <FormControlLabel
              control={<Switch checked={value} onChange={(_, isChecked) => onChange(isChecked)} />}
              label="One transaction"
            />
            <Typography variant="caption" component="p" sx={{ color: 'text.secondary' }}>
              What a statement did is undone when a later one fails. MySQL and MariaDB commit before
              and after each DDL whatever this says.
            </Typography>
          </Box>
        )}
      />
    </>
  )
}

function Chooser({ onChosen }: Required<TextFieldsProps>) {
  const { setValue, setError } = useFormContext<TextValues>()
  const [name, setName] = useState('')
  const choose = async (file: File | undefined): Promise<void> => {
    if (!file) return
    const { text, problem } = await readSqlFile(file)
    if (problem !== undefined) {
      setError('text', { message: problem })
      return
    }
    setName(file.name)
    setValue('text', text, { shouldValidate: true })
    onChosen(file.name)
  }
  return (
    <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, minWidth: 0 }}>
      <Button
        component="label"
        variant="outlined"
        startIcon={<UploadIcon />}
        sx={{ flexShrink: 0 }}
      >
        Choose a file
        <Box
          component="input"
          type="file"
          accept=".sql,.txt,text/plain,application/sql"
          sx={VISUALLY_HIDDEN}
          onChange={(event) => {
            const input = event.currentTarget as HTMLInputElement
            void choose(input.files?.[0]).finally(() => {
              // So that the same file can be chosen again once it was mended.
              input.value = ''
            })
          }}
        />
      </Button>
      <Typography variant="body2" noWrap sx={{ color: 'text.secondary' }}>
        {name || 'or type or paste it below'}
      </Typography>
    </Box>
  )
}
