import { type Mask, type MaskCreation, MaskForm, type Role } from '@articdbm/contract'
import MenuItem from '@mui/material/MenuItem'
import { useQuery } from '@tanstack/react-query'
import { Controller, FormProvider, useForm, useFormContext } from 'react-hook-form'
import { ChipsField } from '../../components/ChipsField.tsx'
import { DatabaseField } from '../../components/DatabaseField.tsx'
import { Field } from '../../components/Field.tsx'
import { FormDialog } from '../../components/FormDialog.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { useAddMask, useChangeMask } from '../../services/masks.ts'
import { useMay } from '../../services/session.ts'
import { usersOptions } from '../../services/users.ts'
import { ROLES } from '../../services/words.ts'
import { columnOf, MASK_FORMS } from './mask-words.ts'

type Fields = Required<MaskCreation>

interface MaskDialogProps {
  /** Undefined: a new one. */
  readonly mask?: Mask
  readonly onClose: () => void
}

export function MaskDialog({ mask, onClose }: MaskDialogProps) {
  const form = useForm<Fields>({ defaultValues: fieldsOf(mask) })
  const { save, isPending, error } = useSave(mask, onClose)
  return (
    <FormProvider {...form}>
      <FormDialog
        title={mask ? `Edit the mask of ${columnOf(mask)}` : 'Mask a column'}
        action={mask ? 'Save' : 'Mask it'}
        isPending={isPending}
        error={error}
        onSubmit={form.handleSubmit(save)}
        onClose={onClose}
      >
        {!mask && <ColumnFields />}
        <FormField />
        <ExceptionFields />
      </FormDialog>
    </FormProvider>
  )
}

function fieldsOf(mask: Mask | undefined): Fields {
  const { database = '', table = '', column = '', form = 'full' } = mask ?? {}
  const { exceptRoles = [], exceptUsers = [] } = mask ?? {}
  return { database, table, column, form, exceptRoles, exceptUsers }
}

function useSave(mask: Mask | undefined, onClose: () => void) {
  const add = useAddMask()
  const change = useChangeMask()
  const toast = useToast()
  const done = (saved: Mask) => {
    toast(`${columnOf(saved)} on ${saved.database} is masked`)
    onClose()
  }
  return {
    isPending: add.isPending || change.isPending,
    error: add.error ?? change.error,
    save: (fields: Fields) => {
      if (!mask) {
        add.mutate(fields, { onSuccess: done })
        return
      }
      const { form, exceptRoles, exceptUsers } = fields
      const changed = { form, exceptRoles, exceptUsers, version: mask.version }
      change.mutate({ id: mask.id, change: changed }, { onSuccess: done })
    },
  }
}

function ColumnFields() {
  const { register, control, formState } = useFormContext<Fields>()
  const { errors } = formState
  return (
    <>
      <DatabaseField control={control} />
      <Field
        label="Table"
        autoComplete="off"
        problem={errors.table}
        helperText="people, hr.people or hr.*; a view over it needs a mask of its own"
        {...register('table', { required: 'A table, like people or hr.people', maxLength: 260 })}
      />
      <Field
        label="Column"
        autoComplete="off"
        problem={errors.column}
        helperText="Its name alone, without quotes; the mask stays with it"
        {...register('column', { required: 'A column’s name', maxLength: 128 })}
      />
    </>
  )
}

function FormField() {
  const { control } = useFormContext<Fields>()
  return (
    <Controller
      control={control}
      name="form"
      render={({ field }) => (
        <Field
          select
          label="Shown as"
          helperText={`${MASK_FORMS[field.value].hint}. Numbers and dates are shown as NULL.`}
          {...field}
        >
          {MaskForm.anyOf.map(({ const: form }) => (
            <MenuItem key={form} value={form}>
              {MASK_FORMS[form].label}, {MASK_FORMS[form].example}
            </MenuItem>
          ))}
        </Field>
      )}
    />
  )
}

function ExceptionFields() {
  const { control } = useFormContext<Fields>()
  const users = useQuery({ ...usersOptions, enabled: useMay('users:read') })
  return (
    <>
      <Controller
        control={control}
        name="exceptRoles"
        render={({ field: { value, onChange } }) => (
          <ChipsField
            isClosed
            label="Roles that see it plainly"
            helperText="Left empty, administrators don’t, either"
            options={Object.keys(ROLES)}
            labelOf={(role) => ROLES[role as Role].label}
            value={value}
            onChange={onChange}
          />
        )}
      />
      <Controller
        control={control}
        name="exceptUsers"
        render={({ field: { value, onChange } }) => (
          <ChipsField
            label="Users who see it plainly"
            helperText="By name, Enter after each"
            options={users.data?.map(({ name }) => name) ?? []}
            value={value}
            onChange={onChange}
          />
        )}
      />
    </>
  )
}
