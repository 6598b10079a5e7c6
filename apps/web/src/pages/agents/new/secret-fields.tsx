import { Button, Code, Group, PasswordInput, Stack } from '@mantine/core';
import { IconDice5 } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyButton } from '../../../components/copy-button.js';
import { MAKERS } from '../../../components/make-secret.js';
import { Panel } from '../../../components/panel.js';
import { useSenders } from '../webhook/signature/use-senders.js';
import type { MissingSecret } from './agent-config.js';

interface SecretFieldsProps {
  missing: MissingSecret[];
  /** The entered secrets, by path. */
  values: Record<string, string>;
  onChange: (values: Record<string, string>) => void;
  errorAt: (path: string) => string | undefined;
}

/** The secrets that a template, copy or file does not include. */
export function SecretFields({ missing, values, onChange, errorAt }: SecretFieldsProps) {
  return (
    <Panel
      title="Secrets to enter"
      description="Templates, copies and files contain no secrets. The ones you enter are stored encrypted and never shown again."
    >
      <Stack>
        {missing.map((secret) => (
          <SecretToEnter
            key={secret.path}
            secret={secret}
            value={values[secret.path] ?? ''}
            error={errorAt(secret.path)}
            onChange={(value) => onChange({ ...values, [secret.path]: value })}
          />
        ))}
      </Stack>
    </Panel>
  );
}

interface SecretToEnterProps {
  secret: MissingSecret;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
}

function SecretToEnter({ secret: { tool, name }, value, error, onChange }: SecretToEnterProps) {
  const sender = useSenders()?.find(({ scheme }) => tool === undefined && scheme === name);
  const [made, setMade] = useState<string>();
  const { generates } = sender ?? {};
  return (
    <div>
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <PasswordInput
          flex={1}
          miw={0}
          label={tool === undefined ? `Signature (${sender?.title ?? name})` : `${tool}: ${name}`}
          description={
            tool === undefined
              ? 'The secret that the sender signs with. If you leave it empty, the agent accepts ' +
                'unsigned requests until you set one.'
              : 'If you leave it empty, the tool does not work until you set it.'
          }
          autoComplete="off"
          maxLength={10_000}
          value={value}
          error={error}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
        />
        {generates && (
          <Button
            variant="default"
            leftSection={<IconDice5 size={16} aria-hidden />}
            onClick={() => {
              const secret = MAKERS[generates]();
              setMade(secret);
              onChange(secret);
            }}
          >
            Generate
          </Button>
        )}
      </Group>
      {made !== undefined && made === value && (
        <Group gap="xs" mt={6} wrap="nowrap" align="flex-start">
          <Code
            block
            flex={1}
            aria-label="Generated secret"
            style={{ overflowWrap: 'anywhere', whiteSpace: 'normal' }}
          >
            {made}
          </Code>
          <CopyButton value={made} what="generated secret" label="Copy for the sender" />
        </Group>
      )}
    </div>
  );
}
