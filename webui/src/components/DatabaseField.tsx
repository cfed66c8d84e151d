import MenuItem from '@mui/material/MenuItem'
import { useQuery } from '@tanstack/react-query'
import { type Control, Controller, type FieldValues, type Path } from 'react-hook-form'
import { databasesOptions } from '../services/databases.ts'
import { Field } from './Field.tsx'

/** A form's `database`: one of those that there are, and it must be chosen. */
export function DatabaseField<Fields extends FieldValues & { readonly database: string }>({
  control,
}: {
  readonly control: Control<Fields>
}) {
  const databases = useQuery(databasesOptions)
  return (
    <Controller
      control={control}
      name={'database' as Path<Fields>}
      rules={{ required: 'Choose a database' }}
      render={({ field, fieldState }) => (
        <Field select label="Database" problem={fieldState.error} {...field}>
          {(databases.data ?? []).map(({ name }) => (
            <MenuItem key={name} value={name}>
              {name}
            </MenuItem>
          ))}
        </Field>
      )}
    />
  )
}
