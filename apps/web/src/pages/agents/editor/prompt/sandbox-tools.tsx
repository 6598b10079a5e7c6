import { Alert, Switch, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useDraft } from '../draft/use-draft.js';

const SANDBOX = 'sandbox:';

/** Whether anyone's payload may have the sandbox call tools. Offered where the sandbox may run the agent. */
export function SandboxTools() {
  const { values, readOnly, set, errorAt } = useDraft();
  const { model, fallback_models, sandbox_tools } = values;
  const usesSandbox = [model, ...fallback_models].some((name) => name.startsWith(SANDBOX));
  if (!usesSandbox && !sandbox_tools) return null;
  return (
    <>
      <Switch
        label="Payloads may script tool calls"
        description="In the sandbox, without an API key. Tests that you send from here may do so anyway."
        checked={sandbox_tools}
        disabled={readOnly}
        error={errorAt('/sandbox_tools')}
        onChange={({ currentTarget }) => set('sandbox_tools', currentTarget.checked)}
      />
      {sandbox_tools && (
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />}>
          <Text size="sm">
            Whoever knows the webhook URL can call this agent’s tools with arguments of their choice, and read
            what they return. Turn this on for rehearsals only.
          </Text>
        </Alert>
      )}
    </>
  );
}
