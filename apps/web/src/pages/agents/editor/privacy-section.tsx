import { ActionIcon, Button, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { NumberField } from '../../../components/number-field.js';
import { Panel } from '../../../components/panel.js';
import type { Agent } from './draft/draft.js';
import { useDraft } from './draft/use-draft.js';
import { HELP_BELOW } from './help-below.js';

type Retention = NonNullable<Agent['retention']>;
type Mask = NonNullable<Agent['masks']>[number];

const STORES: { value: Retention['store']; label: string }[] = [
  { value: 'full', label: 'Everything' },
  { value: 'redacted', label: 'Everything, with the results of tools masked, too' },
  { value: 'none', label: 'Nothing but status, times, usage and error code' },
];
const NOTES: Record<Retention['store'], string> = {
  full: 'The event is stored as the masks below leave it.',
  redacted: 'Patterns also mask what tools return, before the model sees it.',
  none: 'Payload, prompts, tool results and answers go when a run has ended. Its result stays readable for two minutes, and until its callback was delivered. Such runs cannot be repeated.',
};
const ALL: Retention = { days: null, store: 'full' };
const MAX_MASKS = 30;

/** How long ended runs are kept, and what of them and of events. */
export function PrivacySection() {
  const { values, readOnly, set, errorAt } = useDraft();
  const retention = values.retention ?? ALL;
  const change = (changed: Partial<Retention>, at: string) => {
    const next = { ...retention, ...changed };
    set('retention', next.days === null && next.store === 'full' ? null : next, at);
  };
  return (
    <Panel
      title="Privacy"
      description="How long ended runs are kept, what of them, and what of an event is never stored."
    >
      <Stack>
        <NumberField
          label="Keep ended runs (days)"
          description="At most as long as the installation keeps runs. Applies to runs that have ended already, too."
          inputWrapperOrder={HELP_BELOW}
          min={0.01}
          max={3650}
          decimalScale={2}
          placeholder="as long as the installation"
          value={retention.days}
          readOnly={readOnly}
          error={errorAt('/retention/days')}
          onChange={(days) => change({ days }, '/retention/days')}
        />
        <Select
          label="Keep of a run"
          description={NOTES[retention.store]}
          inputWrapperOrder={HELP_BELOW}
          allowDeselect={false}
          data={STORES}
          value={retention.store}
          readOnly={readOnly}
          error={errorAt('/retention/store') ?? errorAt('/retention')}
          onChange={(store) => store && change({ store: store as Retention['store'] }, '/retention/store')}
        />
        <MaskList />
      </Stack>
    </Panel>
  );
}

const KINDS = [
  { value: 'pointer', label: 'Field' },
  { value: 'pattern', label: 'Pattern' },
];
const textOf = (mask: Mask): string => ('pointer' in mask ? mask.pointer : mask.pattern);
const maskOf = (kind: string | null, text: string): Mask =>
  kind === 'pattern' ? { pattern: text } : { pointer: text };

/** What is replaced in each event. */
function MaskList() {
  const { values, readOnly, set, errorAt } = useDraft();
  const masks = values.masks ?? [];
  const replace = (nth: number, mask: Mask) => set('masks', masks.with(nth, mask), `/masks/${nth}`);
  return (
    <Stack gap="xs" role="group" aria-label="Masks">
      <Text size="sm" fw={500}>
        Masks
      </Text>
      <Text size="xs" c="dimmed">
        Replaced by [masked] before an event is stored and before the model sees it: fields of the payload by
        JSON Pointer, and whatever a pattern (RE2) matches in payload, headers and query. Filter, input schema
        and keys still see what was sent. Files are not masked.
      </Text>
      {masks.map((mask, nth) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a mask has no other name, and its text changes
        <Group key={nth} gap="xs" align="flex-start" wrap="nowrap">
          <Select
            aria-label={`Kind of mask ${nth + 1}`}
            w={110}
            allowDeselect={false}
            data={KINDS}
            value={'pointer' in mask ? 'pointer' : 'pattern'}
            readOnly={readOnly}
            onChange={(kind) => replace(nth, maskOf(kind, textOf(mask)))}
          />
          <TextInput
            aria-label={`Mask ${nth + 1}`}
            flex={1}
            maxLength={500}
            placeholder={'pointer' in mask ? '/customer/email' : '\\b\\d{16}\\b'}
            value={textOf(mask)}
            readOnly={readOnly}
            error={
              errorAt(`/masks/${nth}`) ??
              errorAt(`/masks/${nth}/${'pointer' in mask ? 'pointer' : 'pattern'}`)
            }
            onChange={({ currentTarget }) =>
              replace(nth, maskOf('pointer' in mask ? 'pointer' : 'pattern', currentTarget.value))
            }
          />
          {!readOnly && (
            <ActionIcon
              variant="subtle"
              color="gray"
              size="lg"
              aria-label={`Remove mask ${nth + 1}`}
              onClick={() => set('masks', masks.toSpliced(nth, 1), '/masks')}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      {errorAt('/masks') && (
        <Text size="sm" c="red">
          {errorAt('/masks')}
        </Text>
      )}
      {!readOnly && masks.length < MAX_MASKS && (
        <Button
          variant="default"
          size="xs"
          w="fit-content"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => set('masks', [...masks, { pointer: '' }], '/masks')}
        >
          Add a mask
        </Button>
      )}
    </Stack>
  );
}
