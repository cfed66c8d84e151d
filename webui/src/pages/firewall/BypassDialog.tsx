import type { BypassCreation } from '@articdbm/contract'
import { BYPASSED_RULE } from '@articdbm/contract/bounds'
import Button from '@mui/material/Button'
import Stack from '@mui/material/Stack'
import { type Control, Controller, useForm } from 'react-hook-form'
import { DatabaseField } from '../../components/DatabaseField.tsx'
import { Field } from '../../components/Field.tsx'
import { FormDialog } from '../../components/FormDialog.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { instantOf, localOf, UntilField } from '../../components/UntilField.tsx'
import { useAddBypass } from '../../services/firewall.ts'

interface Fields {
  readonly database: string
  readonly rule: string
  readonly digest: string
  readonly user: string
  readonly reason: string
  readonly until: string
}

interface BypassDialogProps {
  /** What was refused. */
  readonly of?: Pick<BypassCreation, 'database' | 'rule'> & {
    readonly digest: string
    readonly user: string
  }
  readonly onClose: () => void
}

const HOUR_MS = 3_600_000
const SPANS = [
  { label: '1 hour', ms: HOUR_MS },
  { label: '1 day', ms: 24 * HOUR_MS },
  { label: '7 days', ms: 7 * 24 * HOUR_MS },
] as const

const localIn = (ms: number): string => localOf(new Date(Date.now() + ms).toISOString())

export function BypassDialog({ of, onClose }: BypassDialogProps) {
  const add = useAddBypass()
  const toast = useToast()
  const { register, control, handleSubmit, formState } = useForm<Fields>({
    defaultValues: {
      ...{ database: '', rule: '', digest: '', user: '', ...of },
      ...{ reason: '', until: localIn(24 * HOUR_MS) },
    },
  })
  const { errors } = formState
  const submit = handleSubmit((fields) =>
    add.mutate(creationOf(fields), {
      onSuccess: ({ rule, database }) => {
        toast(`${rule} is bypassed on ${database}`)
        onClose()
      },
    }),
  )
  return (
    <FormDialog
      title="Make a bypass"
      action="Let through"
      isPending={add.isPending}
      error={add.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <Field
        label="Why"
        autoFocus
        autoComplete="off"
        problem={errors.reason}
        helperText="For whoever reads the audit later"
        {...register('reason', {
          required: 'A reason, for whoever reads it later',
          minLength: { value: 3, message: 'A few words more' },
          maxLength: 500,
        })}
      />
      <DatabaseField control={control} />
      <Field
        label="Rule"
        autoComplete="off"
        problem={errors.rule}
        helperText="injection.union, injection.*, destructive.drop, rule.no-exports"
        {...register('rule', {
          required: 'The rule, as the refusal names it',
          pattern: {
            value: BYPASSED_RULE,
            message: 'One of injection, destructive, learning or rule; nothing else is let through',
          },
        })}
      />
      <Field
        label="Digest"
        autoComplete="off"
        problem={errors.digest}
        helperText="One statement, as the audit shows it; empty for all of one user"
        {...register('digest', {
          pattern: { value: /^[0-9a-f]{16}$/, message: '16 digits and letters from a to f' },
        })}
      />
      <Field
        label="User"
        autoComplete="off"
        problem={errors.user}
        helperText="Empty for everybody, of one statement"
        {...register('user', {
          validate: (user, { digest }) =>
            user !== '' || digest !== '' || 'Name a statement or a user',
        })}
      />
      <EndField control={control} />
    </FormDialog>
  )
}

function creationOf({ until, digest, user, ...fields }: Fields): BypassCreation {
  const validUntil = instantOf(until) ?? new Date().toISOString()
  return { ...fields, validUntil, digest: digest || null, user: user || null }
}

function EndField({ control }: { readonly control: Control<Fields> }) {
  return (
    <Controller
      control={control}
      name="until"
      rules={{ required: true }}
      render={({ field: { value, onChange } }) => (
        <Stack sx={{ gap: 1 }}>
          <UntilField value={value} onChange={onChange} helperText="At most 90 days from now" />
          <Stack direction="row" sx={{ gap: 1 }}>
            {SPANS.map(({ label, ms }) => (
              <Button key={label} size="small" onClick={() => onChange(localIn(ms))}>
                {label}
              </Button>
            ))}
          </Stack>
        </Stack>
      )}
    />
  )
}
