import {
  Autocomplete,
  NumberInput,
  SegmentedControl,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  TextInput,
} from '@mantine/core';
import { useDraft } from '../draft/use-draft.js';
import { HELP_BELOW } from '../help-below.js';
import { JsonField } from '../json-field.js';
import { type Kind, kindOf, type Schedule, withKind } from './schedule.js';

const KINDS: { value: Kind; label: string }[] = [
  { value: 'cron', label: 'Cron' },
  { value: 'every_seconds', label: 'Interval' },
  { value: 'at', label: 'Once' },
];
const OVERLAPS: { value: Schedule['overlap']; label: string }[] = [
  { value: 'skip', label: 'It does not run' },
  { value: 'queue', label: 'It runs after that' },
];
const CATCH_UPS: { value: Schedule['catch_up']; label: string }[] = [
  { value: 'once', label: 'One run for all of them' },
  { value: 'skip', label: 'Nothing' },
];
const ZONES = Intl.supportedValuesOf('timeZone');

interface FieldsProps {
  schedule: Schedule;
  /** The JSON Pointer of the schedule. */
  at: string;
  onChange: (schedule: Schedule, at: string) => void;
}

export function ScheduleFields({ schedule, at, onChange }: FieldsProps) {
  const { readOnly, errorAt } = useDraft();
  const change = (changes: Partial<Schedule>) =>
    onChange({ ...schedule, ...changes }, `${at}/${Object.keys(changes)[0]}`);
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TextInput
          label="Name"
          description="Letters, digits, - and _. Another name makes another schedule."
          inputWrapperOrder={HELP_BELOW}
          maxLength={64}
          value={schedule.id}
          readOnly={readOnly}
          error={errorAt(`${at}/id`)}
          onChange={({ currentTarget }) => change({ id: currentTarget.value })}
        />
        <Switch
          label="Enabled"
          mt={{ base: 0, sm: 30 }}
          checked={schedule.enabled}
          disabled={readOnly}
          onChange={({ currentTarget }) => change({ enabled: currentTarget.checked })}
        />
      </SimpleGrid>
      <SegmentedControl
        size="xs"
        w="fit-content"
        aria-label={`When ${schedule.id} runs`}
        data={KINDS}
        value={kindOf(schedule)}
        readOnly={readOnly}
        onChange={(kind) => onChange(withKind(schedule, kind), at)}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <TimeField schedule={schedule} at={at} onChange={onChange} />
        {schedule.every_seconds === undefined && (
          <Autocomplete
            label="Time zone"
            limit={50}
            data={ZONES}
            value={schedule.timezone}
            readOnly={readOnly}
            error={errorAt(`${at}/timezone`)}
            onChange={(timezone) => change({ timezone })}
          />
        )}
      </SimpleGrid>
      <JsonField
        label="Payload"
        description="What the agent gets, as from an event."
        at={`${at}/payload`}
        value={schedule.payload}
        empty={undefined}
        height={120}
        error={errorAt(`${at}/payload`)}
        onChange={(payload) => change({ payload: payload ?? {} })}
      />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Select
          label="If the last run has not ended"
          allowDeselect={false}
          data={OVERLAPS}
          value={schedule.overlap}
          readOnly={readOnly}
          onChange={(overlap) => overlap && change({ overlap: overlap as Schedule['overlap'] })}
        />
        <Select
          label="For runs that were missed"
          description="Because no worker ran."
          inputWrapperOrder={HELP_BELOW}
          allowDeselect={false}
          data={CATCH_UPS}
          value={schedule.catch_up}
          readOnly={readOnly}
          onChange={(chosen) => chosen && change({ catch_up: chosen as Schedule['catch_up'] })}
        />
      </SimpleGrid>
    </Stack>
  );
}

function TimeField({ schedule, at, onChange }: FieldsProps) {
  const { readOnly, errorAt } = useDraft();
  const kind = kindOf(schedule);
  const error = errorAt(`${at}/${kind}`) ?? errorAt(at);
  if (kind === 'every_seconds')
    return (
      <NumberInput
        label="Seconds between two runs"
        description="At least 10."
        inputWrapperOrder={HELP_BELOW}
        min={10}
        max={31_622_400}
        decimalScale={0}
        value={schedule.every_seconds ?? ''}
        readOnly={readOnly}
        error={error}
        onChange={(value) =>
          typeof value === 'number' && onChange({ ...schedule, every_seconds: value }, `${at}/every_seconds`)
        }
      />
    );
  const [label, description] =
    kind === 'cron'
      ? ['Cron expression', 'Minute, hour, day of the month, month, day of the week.']
      : ['Time', 'For example 2027-01-31T09:00:00, in the time zone.'];
  return (
    <TextInput
      label={label}
      description={description}
      inputWrapperOrder={HELP_BELOW}
      ff="monospace"
      maxLength={kind === 'cron' ? 200 : 40}
      value={schedule[kind] ?? ''}
      readOnly={readOnly}
      error={error}
      onChange={({ currentTarget }) =>
        onChange({ ...schedule, [kind]: currentTarget.value }, `${at}/${kind}`)
      }
    />
  );
}
