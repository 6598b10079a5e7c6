import { Button, Group, Modal, Select, SimpleGrid, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, type Schema } from '../../../api/client.js';
import { ChannelPicker } from '../../../components/channel-picker.js';
import { ErrorState } from '../../../components/error-state.js';
import { NumberField } from '../../../components/number-field.js';
import { useAgentNames } from '../../../components/use-agent-names.js';
import { RULE_TYPES, type Rule, type RuleType } from './rule-types.js';

const TYPES = Object.entries(RULE_TYPES).map(([value, { label }]) => ({ value, label }));
const INSTALLATION = '';

/** Adds a rule, or changes one. A rule keeps its type and its agent. */
export function RuleForm({ rule, onClose }: { rule: Rule | undefined; onClose: () => void }) {
  const queryClient = useQueryClient();
  const names = useAgentNames();
  const [type, setType] = useState<RuleType>(rule?.type ?? 'first_failure');
  const [name, setName] = useState(rule?.name ?? '');
  const [agentId, setAgentId] = useState(rule?.agent_id ?? INSTALLATION);
  const [numbers, setNumbers] = useState<Partial<Record<string, number | null>>>({});
  const [per, setPer] = useState(rule?.per ?? 'day');
  const [channels, setChannels] = useState<string[]>(rule?.channels ?? []);
  const [callback, setCallback] = useState(rule?.callback ?? false);
  const after = {
    meta: { quiet: true },
    onSuccess: () => {
      onClose();
      return queryClient.invalidateQueries({ queryKey: ['get', '/api/alert-rules'] });
    },
  };
  const create = api.useMutation('post', '/api/alert-rules', after);
  const change = api.useMutation('patch', '/api/alert-rules/{id}', after);
  const { about, fields } = RULE_TYPES[type];
  const own = Object.fromEntries(
    fields.map(({ name: field, preset }) => [field, numbers[field] ?? rule?.[field] ?? preset]),
  );
  const submit = () => {
    const body = { name: name.trim(), channels, callback, ...own, ...(type === 'spend' && { per }) };
    if (rule) change.mutate({ params: { path: { id: rule.id } }, body });
    else create.mutate({ body: { ...body, type, agent_id: agentId || null } as Schema<'AlertRuleInput'> });
  };
  const error = create.error ?? change.error;

  return (
    <Modal opened onClose={onClose} title={rule ? 'Change the rule' : 'New rule'} centered>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack>
          <TextInput
            name="name"
            label="Name"
            placeholder="Refunds fail"
            required
            maxLength={100}
            data-autofocus
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Select
            name="type"
            label="What it watches"
            description={about}
            data={TYPES}
            value={type}
            disabled={rule !== undefined}
            allowDeselect={false}
            onChange={(value) => setType((value ?? type) as RuleType)}
          />
          <Select
            name="agent_id"
            label="Agent"
            data={[
              { value: INSTALLATION, label: 'The installation' },
              ...[...(names ?? [])].map(([value, label]) => ({ value, label })),
            ]}
            value={agentId}
            disabled={rule !== undefined}
            searchable
            allowDeselect={false}
            onChange={(value) => setAgentId(value ?? INSTALLATION)}
          />
          <SimpleGrid cols={{ base: 1, xs: fields.length > 1 ? 3 : 2 }}>
            {fields.map(({ name: field, label, suffix, min, max }) => (
              <NumberField
                key={field}
                name={field}
                label={label}
                min={min}
                max={max}
                required
                {...(suffix !== undefined && { suffix })}
                value={own[field]}
                onChange={(value) => setNumbers({ ...numbers, [field]: value })}
              />
            ))}
            {type === 'spend' && (
              <Select
                name="per"
                label="In a"
                data={['day', 'month']}
                value={per}
                allowDeselect={false}
                onChange={(value) => setPer(value === 'month' ? 'month' : 'day')}
              />
            )}
          </SimpleGrid>
          <ChannelPicker label="Tells" value={channels} onChange={setChannels} />
          <Switch
            name="callback"
            label="Also the callback of the agent"
            checked={callback}
            onChange={({ currentTarget }) => setCallback(currentTarget.checked)}
          />
          {channels.length === 0 && !callback && (
            <Text size="sm" c="dimmed">
              Nobody is told; the alert is only in the history.
            </Text>
          )}
          {error && <ErrorState error={error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={create.isPending || change.isPending}>
              {rule ? 'Save' : 'Create rule'}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
