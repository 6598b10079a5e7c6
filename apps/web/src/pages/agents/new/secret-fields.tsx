import { PasswordInput, Stack } from '@mantine/core';
import { Panel } from '../../../components/panel.js';
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
        {missing.map(({ path, tool, name }) => (
          <PasswordInput
            key={path}
            label={tool === undefined ? `Signature (${name})` : `${tool}: ${name}`}
            description={
              tool === undefined
                ? 'The secret that the sender signs with. If you leave it empty, the agent accepts ' +
                  'unsigned requests until you set one.'
                : 'If you leave it empty, the tool does not work until you set it.'
            }
            autoComplete="off"
            maxLength={10_000}
            value={values[path] ?? ''}
            error={errorAt(path)}
            onChange={({ currentTarget: { value } }) => onChange({ ...values, [path]: value })}
          />
        ))}
      </Stack>
    </Panel>
  );
}
