import { Alert, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useState } from 'react';
import type { Schema } from '../../../../api/client.js';
import { ErrorState } from '../../../../components/error-state.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import type { Tool } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { type ChoiceField, choiceOf, chosenIn, withChoice } from './tool-choice.js';
import type { ToolChecking } from './use-tool-check.js';

type Check = Schema<'ToolCheck'>;

interface CheckToolProps {
  tool: Tool;
  /** The JSON Pointer of the tool in the agent. */
  at: string;
  checking: ToolChecking;
  onChange: (tool: Tool, at: string) => void;
}

/** Opens the tool of the draft as a run would, and lets people choose from what it offers. */
export function CheckTool({ tool, at, checking: check, onChange }: CheckToolProps) {
  const { readOnly } = useDraft();
  const field = choiceOf(tool);
  return (
    <Stack gap="xs" component="section" aria-label={`Check of ${tool.name}`}>
      <NeedsRole role="admin">
        <Button
          variant="default"
          size="compact-md"
          w="fit-content"
          leftSection={<IconPlugConnected size={16} aria-hidden />}
          loading={check.isPending}
          onClick={check.run}
        >
          Check tool
        </Button>
      </NeedsRole>
      {check.error && <ErrorState error={check.error} />}
      {check.data && <Findings check={check.data} />}
      {check.data && field && check.data.tools.length > 0 && (
        <Choices
          tools={check.data.tools}
          tool={tool}
          field={field}
          readOnly={readOnly}
          onChange={(names) => onChange(withChoice(tool, field, names), `${at}/${field}`)}
        />
      )}
    </Stack>
  );
}

function Findings({ check: { ok, problems, tools } }: { check: Check }) {
  if (ok)
    return (
      <Text size="sm" role="status">
        It works: {tools.length === 1 ? 'one function' : `${tools.length} functions`}.
      </Text>
    );
  return (
    <Alert color="orange" title="This may not work" p="sm" role="status">
      <Stack gap={4}>
        {problems.map(({ path, detail }) => (
          <Text key={`${path} ${detail}`} size="sm" style={{ overflowWrap: 'anywhere' }}>
            {detail}
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}

/** How many functions are shown at once. The filter finds the others. */
const MOST_SHOWN = 50;

interface ChoicesProps {
  tools: Check['tools'];
  tool: Tool;
  field: ChoiceField;
  readOnly: boolean;
  onChange: (names: string[]) => void;
}

function Choices({ tools, tool, field, readOnly, onChange }: ChoicesProps) {
  const [wanted, setWanted] = useState('');
  const all = tools.map(({ name }) => name);
  // An MCP server without a choice offers all of its tools.
  const chosen = chosenIn(tool) ?? all;
  const words = wanted.toLowerCase();
  const found = tools.filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(words),
  );
  const pick = (name: string, isPicked: boolean) =>
    onChange(isPicked ? [...chosen, name] : chosen.filter((each) => each !== name));
  return (
    <Stack gap="xs">
      {tools.length > 8 && (
        <TextInput
          aria-label={`Filter what ${tool.name} offers`}
          placeholder="Filter"
          value={wanted}
          onChange={({ currentTarget }) => setWanted(currentTarget.value)}
        />
      )}
      <Stack
        gap={6}
        mah={320}
        style={{ overflowY: 'auto' }}
        role="group"
        aria-label={`Functions of ${tool.name}`}
      >
        {found.slice(0, MOST_SHOWN).map(({ name, description, chosen: isOffered }) => (
          <Checkbox
            key={name}
            size="sm"
            label={name}
            description={description.slice(0, 200)}
            checked={chosen.includes(name)}
            indeterminate={!chosen.includes(name) && isOffered && field === 'operations'}
            disabled={readOnly}
            onChange={({ currentTarget }) => pick(name, currentTarget.checked)}
          />
        ))}
      </Stack>
      {found.length > MOST_SHOWN && (
        <Group>
          <Text size="xs" c="dimmed">
            {found.length - MOST_SHOWN} more: filter to see them.
          </Text>
        </Group>
      )}
    </Stack>
  );
}
