import { Select, SimpleGrid, Stack, Switch } from '@mantine/core';
import type { Agent } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { KeyField } from './key-field.js';
import { NumberField } from './number-field.js';

type Conversation = NonNullable<Agent['conversation']>;

const NEW: Conversation = { key: '', ttl_seconds: 604_800, max_tokens: 16_000, when_busy: 'queue' };
const YEAR_SECONDS = 31_536_000;
const MAX_TOKENS = 1_000_000;

const WHEN_BUSY: { value: Conversation['when_busy']; label: string }[] = [
  { value: 'queue', label: 'Wait for the run before it' },
  { value: 'supersede', label: 'End the open runs, and run' },
  { value: 'parallel', label: 'Run at the same time' },
];

/** Which events continue one conversation. */
export function ConversationFields() {
  const { values, readOnly, set } = useDraft();
  const conversation = values.conversation ?? null;
  const change = (changed: Partial<Conversation>) =>
    conversation &&
    set('conversation', { ...conversation, ...changed }, `/conversation/${Object.keys(changed)[0]}`);
  return (
    <Stack gap="xs">
      <Switch
        label="Continue a conversation"
        description="Events about the same thing see the turns before."
        checked={conversation !== null}
        disabled={readOnly}
        onChange={({ currentTarget }) => set('conversation', currentTarget.checked ? NEW : null)}
      />
      {conversation && (
        <>
          <KeyField
            field="conversation"
            description="LiquidJS. Events whose key renders to the same text continue one conversation."
            value={conversation.key}
            onChange={(key) => change({ key })}
          />
          <Select
            label="While a run is open, the next event should"
            data={WHEN_BUSY}
            allowDeselect={false}
            value={conversation.when_busy}
            readOnly={readOnly}
            onChange={(value) => value && change({ when_busy: value as Conversation['when_busy'] })}
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <NumberField
              at="/conversation/max_tokens"
              label="Tokens of earlier turns"
              description="The oldest turns are left out first."
              min={0}
              max={MAX_TOKENS}
              value={conversation.max_tokens}
              onChange={(max_tokens) => change({ max_tokens })}
            />
            <NumberField
              at="/conversation/ttl_seconds"
              label="Kept for, in seconds"
              description="After the last run. 604,800 is a week."
              min={1}
              max={YEAR_SECONDS}
              value={conversation.ttl_seconds}
              onChange={(ttl_seconds) => change({ ttl_seconds })}
            />
          </SimpleGrid>
        </>
      )}
    </Stack>
  );
}
