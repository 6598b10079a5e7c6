import { Button, Group, Input, PasswordInput, Stack, Text } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import type { Tool } from '../draft/draft.js';
import { useDraft } from '../draft/use-draft.js';
import { type NeededSecret, neededSecrets } from './needed-secrets.js';

type Secrets = Record<string, string | true>;

interface NeededSecretFieldsProps {
  tool: Tool;
  /** The JSON Pointer of the tool in the agent. */
  at: string;
  onChange: (tool: Tool, at: string) => void;
}

/** A password field for each secret that the tool needs, under the name that the tool has for it. */
export function NeededSecretFields({ tool, at, onChange }: NeededSecretFieldsProps) {
  const secrets = (tool.secrets ?? {}) as Secrets;
  return neededSecrets(tool).map((needed) => (
    <NeededSecretField
      key={needed.name}
      needed={needed}
      at={`${at}/secrets/${needed.name}`}
      value={secrets[needed.name]}
      onChange={(value) => {
        const { [needed.name]: _old, ...rest } = secrets;
        const next = value === '' ? rest : { ...secrets, [needed.name]: value };
        const { secrets: _secrets, ...bare } = tool;
        const changed = Object.keys(next).length === 0 ? bare : { ...tool, secrets: next };
        onChange(changed as Tool, `${at}/secrets/${needed.name}`);
      }}
    />
  ));
}

interface NeededSecretFieldProps {
  needed: NeededSecret;
  at: string;
  value: string | true | undefined;
  onChange: (value: string) => void;
}

function NeededSecretField({ needed, at, value, onChange }: NeededSecretFieldProps) {
  const { readOnly, errorAt } = useDraft();
  const { name, label, hint, placeholder, isOptional = false } = needed;
  const common = {
    label,
    description: `${hint} Encrypted and never shown again.`,
    required: !isOptional,
    error: errorAt(at),
  };
  if (value === true || readOnly) {
    return (
      <Input.Wrapper {...common} labelElement="div">
        <Group h={36} gap="xs" wrap="nowrap" justify="space-between">
          <Text size="sm" c="dimmed">
            <IconLock size={13} aria-hidden /> {value === undefined ? 'not set' : 'stored'}
          </Text>
          {!readOnly && (
            <Button
              variant="default"
              size="compact-sm"
              aria-label={`Replace ${name}`}
              onClick={() => onChange('')}
            >
              Replace
            </Button>
          )}
        </Group>
      </Input.Wrapper>
    );
  }
  return (
    <Stack gap={0}>
      <PasswordInput
        {...common}
        placeholder={placeholder ?? ''}
        autoComplete="new-password"
        maxLength={10_000}
        value={value ?? ''}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </Stack>
  );
}
