import type { Rule } from '@articdbm/contract'
import MenuItem from '@mui/material/MenuItem'
import { useQuery } from '@tanstack/react-query'
import { Controller, FormProvider, useForm, useFormContext } from 'react-hook-form'
import { Field } from '../../components/Field.tsx'
import { FormDialog } from '../../components/FormDialog.tsx'
import { useToast } from '../../components/Toasts.tsx'
import { databasesOptions } from '../../services/databases.ts'
import { useAddRule, useChangeRule } from '../../services/firewall.ts'
import { RULE_ACTIONS } from '../../services/words.ts'
import { CallerFields, StatementFields, TimeFields } from './ConditionFields.tsx'
import {
  isWithoutConditions,
  type RuleFields,
  ruleChangeOf,
  ruleCreationOf,
  ruleFieldsOf,
} from './rule-fields.ts'
import { Simulation } from './Simulation.tsx'

interface RuleDialogProps {
  /** Undefined: a new one. */
  readonly rule?: Rule
  readonly onClose: () => void
}

export function RuleDialog({ rule, onClose }: RuleDialogProps) {
  const form = useForm<RuleFields>({ defaultValues: ruleFieldsOf(rule) })
  const { save, isPending, error } = useSave(rule, onClose)
  const submitAs = (isOn: boolean) =>
    form.handleSubmit((fields) => {
      if (isWithoutConditions(fields)) {
        form.setError('root', { message: 'Say what the rule holds for: one condition at least' })
        return
      }
      save(fields, isOn)
    })
  const isOn = rule?.isOn ?? false
  const switchOn = {
    label: rule ? 'Save and switch on' : 'Add and switch on',
    choose: () => void submitAs(true)(),
  }
  return (
    <FormProvider {...form}>
      <FormDialog
        title={rule ? `Edit ${rule.name}` : 'Add rule'}
        action={rule ? 'Save' : 'Add, switched off'}
        isPending={isPending}
        error={error ?? form.formState.errors.root?.message}
        other={isOn ? undefined : switchOn}
        onSubmit={submitAs(isOn)}
        onClose={onClose}
      >
        {!rule && <NameField />}
        <EffectFields />
        <StatementFields />
        <CallerFields />
        <TimeFields />
        <Simulation />
      </FormDialog>
    </FormProvider>
  )
}

function useSave(rule: Rule | undefined, onClose: () => void) {
  const add = useAddRule()
  const change = useChangeRule()
  const toast = useToast()
  const done = ({ name, isOn }: Rule) => {
    toast(isOn ? `${name} is in force` : `${name} is saved, and switched off`)
    onClose()
  }
  return {
    isPending: add.isPending || change.isPending,
    error: add.error ?? change.error,
    save: (fields: RuleFields, isOn: boolean) => {
      if (!rule) add.mutate(ruleCreationOf(fields, isOn), { onSuccess: done })
      else {
        const changed = { name: rule.name, change: ruleChangeOf(fields, { ...rule, isOn }) }
        change.mutate(changed, { onSuccess: done })
      }
    },
  }
}

function NameField() {
  const { register, formState } = useFormContext<RuleFields>()
  return (
    <Field
      autoFocus
      label="Name"
      autoComplete="off"
      placeholder="no-exports-at-night"
      problem={formState.errors.name}
      helperText="Shown to who is refused, as rule.name; it can’t be changed later"
      slotProps={{ inputLabel: { shrink: true } }}
      {...register('name', {
        pattern: {
          value: /^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$/,
          message: 'Small letters, digits and hyphens, at most 48',
        },
        required: 'A name, like no-exports-at-night',
      })}
    />
  )
}

function EffectFields() {
  const { register, control } = useFormContext<RuleFields>()
  const databases = useQuery(databasesOptions)
  return (
    <>
      <Controller
        control={control}
        name="database"
        render={({ field }) => (
          <Field
            select
            label="Database"
            slotProps={{ inputLabel: { shrink: true }, select: { displayEmpty: true } }}
            {...field}
          >
            <MenuItem value="">All</MenuItem>
            {(databases.data ?? []).map(({ name }) => (
              <MenuItem key={name} value={name}>
                {name}
              </MenuItem>
            ))}
          </Field>
        )}
      />
      <Controller
        control={control}
        name="action"
        render={({ field }) => (
          <Field select label="Action" helperText={RULE_ACTIONS[field.value].hint} {...field}>
            {Object.entries(RULE_ACTIONS).map(([value, { label }]) => (
              <MenuItem key={value} value={value}>
                {label}
              </MenuItem>
            ))}
          </Field>
        )}
      />
      <Field
        label="Message"
        autoComplete="off"
        helperText="What who is refused can do instead"
        {...register('message', { maxLength: 500 })}
      />
    </>
  )
}
