import { Alert, Switch, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useDraft } from '../draft/use-draft.js';

const SANDBOX = 'sandbox:';

/** Whether any payload may script tool calls of the sandbox. Shown if the sandbox may run the agent. */
export function SandboxTools() {
  const { values, readOnly, set, errorAt } = useDraft();
  const { model, fallback_models, sandbox_tools } = values;
  const usesSandbox = [model, ...fallback_models].some((name) => name.startsWith(SANDBOX));
  if (!usesSandbox && !sandbox_tools) return null;
  return (
    <>
      <Switch
        label="Payloads may script tool calls"
        description="In the sandbox, without an API key. Tests that you send from here may always do so."
        checked={sandbox_tools}
        disabled={readOnly}
        error={errorAt('/sandbox_tools')}
        onChange={({ currentTarget }) => set('sandbox_tools', currentTarget.checked)}
      />
      {sandbox_tools && (
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />}>
          <Text size="sm">
            Anyone who knows the webhook URL can call this agent’s tools with any arguments and read what they
            return. Turn this on only for rehearsals.
          </Text>
        </Alert>
      )}
    </>
  );
}
