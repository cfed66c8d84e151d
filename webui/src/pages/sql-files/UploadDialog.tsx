import type { SqlFile } from '@articdbm/contract'
import { MAX_SQL_FILE_NAME, SQL_FILE_NAME } from '@articdbm/contract/bounds'
import Box from '@mui/material/Box'
import { FormProvider, useForm } from 'react-hook-form'
import { DatabaseField } from '../../components/DatabaseField.tsx'
import { Field } from '../../components/Field.tsx'
import { FormDialog } from '../../components/FormDialog.tsx'
import { useUploadSqlFile } from '../../services/sql-files.ts'
import { nameOfFile } from './read-file.ts'
import { TextFields, type TextValues } from './TextFields.tsx'

interface Fields extends TextValues {
  readonly name: string
  readonly database: string
}

interface UploadDialogProps {
  readonly database: string | undefined
  readonly onUploaded: (file: SqlFile) => void
  readonly onClose: () => void
}

export function UploadDialog({ database = '', onUploaded, onClose }: UploadDialogProps) {
  const upload = useUploadSqlFile()
  const form = useForm<Fields>({
    defaultValues: { name: '', database, text: '', isTransaction: true },
  })
  const { register, control, handleSubmit, formState, getValues, setValue } = form
  return (
    <FormProvider {...form}>
      <FormDialog
        title="Upload a file"
        action="Upload and check"
        maxWidth="md"
        isPending={upload.isPending}
        error={upload.error}
        onSubmit={handleSubmit((fields) => upload.mutate(fields, { onSuccess: onUploaded }))}
        onClose={onClose}
      >
        <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
          <Field
            label="Name"
            autoComplete="off"
            placeholder="0042 add invoices.sql"
            problem={formState.errors.name}
            slotProps={{ inputLabel: { shrink: true } }}
            {...register('name', {
              required: 'A name, like 0042 add invoices.sql',
              pattern: { value: SQL_FILE_NAME, message: 'Letters, digits, spaces, . _ and -' },
              maxLength: { value: MAX_SQL_FILE_NAME, message: 'At most 120 characters' },
            })}
          />
          <DatabaseField control={control} />
        </Box>
        <TextFields
          onChosen={(name) => {
            if (getValues('name') === '') setValue('name', nameOfFile(name))
          }}
        />
      </FormDialog>
    </FormProvider>
  )
}
