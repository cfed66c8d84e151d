import type { LearningResult } from '@articdbm/contract'
import Alert from '@mui/material/Alert'
import MenuItem from '@mui/material/MenuItem'
import Typography from '@mui/material/Typography'
import { Controller, useForm } from 'react-hook-form'
import { DatabaseField } from '../../components/DatabaseField.tsx'
import { Field } from '../../components/Field.tsx'
import { FormDialog } from '../../components/FormDialog.tsx'
import { TimeText } from '../../components/TimeText.tsx'
import { useLearn } from '../../services/learning.ts'
import { STOPPED } from './simulated.ts'

interface Fields {
  readonly database: string
  readonly user: string
  readonly days: number
}

const DAYS = [1, 7, 30, 90]

export function LearnDialog({ onClose }: { readonly onClose: () => void }) {
  const learn = useLearn()
  const { register, control, handleSubmit } = useForm<Fields>({
    defaultValues: { database: '', user: '', days: 7 },
  })
  const submit = handleSubmit(({ user, ...fields }) =>
    learn.mutate(user === '' ? fields : { ...fields, user }),
  )
  return (
    <FormDialog
      title="Learn what applications send"
      action="Learn"
      dismiss={learn.data ? 'Close' : 'Cancel'}
      isPending={learn.isPending}
      error={learn.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Typography variant="body2" sx={{ color: 'text.secondary' }}>
        What was refused, marked by a rule, or shows signs of injection is left out. What is learnt
        already stays. Nothing is blocked by it before the database’s policy says so.
      </Typography>
      <DatabaseField control={control} />
      <Field
        label="User"
        autoComplete="off"
        helperText="Empty: everybody’s applications"
        {...register('user')}
      />
      <Controller
        control={control}
        name="days"
        render={({ field }) => (
          <Field select label="Statements of" {...field}>
            {DAYS.map((count) => (
              <MenuItem key={count} value={count}>
                {count === 1 ? 'the last day' : `the last ${count} days`}
              </MenuItem>
            ))}
          </Field>
        )}
      />
      {learn.isPending && (
        <Typography variant="body2" role="status">
          Reading the audit; up to a minute …
        </Typography>
      )}
      {learn.data && <Learnt result={learn.data} />}
    </FormDialog>
  )
}

function Learnt({ result }: { readonly result: LearningResult }) {
  const { learnt, leftOut, newHabits, stoppedBy, from } = result
  return (
    <Alert severity={learnt === 0 || stoppedBy !== null ? 'info' : 'success'}>
      {learnt.toLocaleString('en')} statements learnt, {newHabits.toLocaleString('en')} new habits,{' '}
      {leftOut.toLocaleString('en')} statements left out.
      {stoppedBy !== null && (
        <>
          {' '}
          {STOPPED[stoppedBy]}: these go back to <TimeText at={from} />.
        </>
      )}
    </Alert>
  )
}
