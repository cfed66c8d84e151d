import type { Action } from '@articdbm/contract'
import Autocomplete from '@mui/material/Autocomplete'
import Box from '@mui/material/Box'
import TextField from '@mui/material/TextField'
import { useQuery } from '@tanstack/react-query'
import { type Control, Controller, useForm } from 'react-hook-form'
import { Field } from '../../components/Field.tsx'
import { FormDialog } from '../../components/FormDialog.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { instantOf, UntilField } from '../../components/UntilField.tsx'
import { databasesOptions } from '../../services/databases.ts'
import { type GrantFilter, useAddGrant } from '../../services/grants.ts'
import { usersOptions } from '../../services/users.ts'
import { ActionsField } from './ActionsField.tsx'

interface Fields {
  readonly user: string
  readonly database: string
  readonly schema: string
  readonly table: string
  readonly actions: Action[]
  readonly until: string
}

interface AddGrantDialogProps {
  readonly filter: GrantFilter
  readonly onClose: () => void
}

export function AddGrantDialog({ filter, onClose }: AddGrantDialogProps) {
  const add = useAddGrant()
  const toast = useToast()
  const { register, control, handleSubmit, formState } = useForm<Fields>({
    defaultValues: {
      user: filter.user ?? '',
      database: filter.database ?? '',
      schema: '',
      table: '*',
      actions: ['read'],
      until: '',
    },
  })
  const submit = handleSubmit(({ until, ...fields }) =>
    add.mutate(
      { ...fields, validUntil: instantOf(until) },
      {
        onSuccess: ({ user, database }) => {
          toast(`${user} has access to ${database}`)
          onClose()
        },
      },
    ),
  )
  return (
    <FormDialog
      title="Grant access"
      action="Grant"
      isPending={add.isPending}
      error={add.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <WhoAndWhere control={control} />
      <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
        <Field
          label="Schema"
          autoComplete="off"
          placeholder="default"
          helperText="Empty: the default one; * for all"
          slotProps={{ inputLabel: { shrink: true } }}
          {...register('schema', { maxLength: 128 })}
        />
        <Field
          label="Table"
          autoComplete="off"
          problem={formState.errors.table}
          helperText="One table, or * for all"
          {...register('table', { required: 'A table’s name, or *', maxLength: 128 })}
        />
      </Box>
      <Controller
        control={control}
        name="actions"
        rules={{ validate: (actions) => actions.length > 0 || 'Choose at least one' }}
        render={({ field: { value, onChange }, fieldState }) => (
          <ActionsField value={value} problem={fieldState.error?.message} onChange={onChange} />
        )}
      />
      <Controller
        control={control}
        name="until"
        render={({ field: { value, onChange } }) => (
          <UntilField value={value} onChange={onChange} />
        )}
      />
    </FormDialog>
  )
}

function WhoAndWhere({ control }: { readonly control: Control<Fields> }) {
  const users = useQuery(usersOptions)
  const databases = useQuery(databasesOptions)
  return (
    <Box sx={{ display: 'grid', gap: 2, gridTemplateColumns: { xs: '1fr', sm: '1fr 1fr' } }}>
      <NameField
        control={control}
        name="user"
        label="User"
        names={users.data?.map(({ name }) => name) ?? []}
      />
      <NameField
        control={control}
        name="database"
        label="Database"
        names={databases.data?.map(({ name }) => name) ?? []}
      />
    </Box>
  )
}

interface NameFieldProps {
  readonly control: Control<Fields>
  readonly name: 'user' | 'database'
  readonly label: string
  readonly names: readonly string[]
}

function NameField({ control, name, label, names }: NameFieldProps) {
  return (
    <Controller
      control={control}
      name={name}
      rules={{ required: `Choose a ${name}` }}
      render={({ field: { value, onChange, ref }, fieldState }) => (
        <Autocomplete
          options={names}
          value={value || null}
          onChange={(_, chosen) => onChange(chosen ?? '')}
          renderInput={(params) => (
            <TextField
              {...params}
              label={label}
              inputRef={ref}
              error={fieldState.error !== undefined}
              helperText={fieldState.error?.message}
            />
          )}
        />
      )}
    />
  )
}
