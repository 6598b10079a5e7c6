import { Button, Group, Kbd, SegmentedControl, Skeleton, Stack, Text, Textarea } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { type KeyboardEvent, useState } from 'react';
import { useSession } from '../../../../app/session.js';
import { ErrorState } from '../../../../components/error-state.js';
import { NeedsRole } from '../../../../components/needs-role.js';
import { Panel } from '../../../../components/panel.js';
import { OF_ONE_DELIVERY } from '../../../runs/detail/curl.js';
import type { Agent } from '../../editor/draft/draft.js';
import { PayloadField } from '../../editor/prompt/payload-field.js';
import { PayloadPicker } from '../../editor/prompt/payload-picker.js';
import type { ChosenPayload } from '../../editor/prompt/use-chosen-payload.js';
import { readHeaders, writeHeaders } from './header-lines.js';
import { LiveRun } from './live-run.js';
import classes from './live-run.module.css';
import { TestAnswer } from './test-answer.js';
import { type Send, useSendTest } from './use-send-test.js';

const SENDS: Record<Send, string> = {
  direct: 'Runs the payload if it fits the input schema; no signature is asked.',
  signed: 'As the sender would send it, signed with the stored secret.',
  unsigned: 'As somebody would send it who knows the URL alone.',
  tampered: 'Signed, then one byte changed on the way.',
};
/** Of the answer while it is closed, in CSS pixels. */
const ANSWER_HEIGHT = 138;
const MODES = Object.keys(SENDS) as Send[];

const withoutDelivery = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_DELIVERY.test(name)));

/** Sends a test, as its owner or as a sender would, and shows what comes back and what becomes of it. */
export function TryItSection({ agent, payload }: { agent: Agent; payload: ChosenPayload }) {
  const [send, setSend] = useState<Send>('direct');
  const [typedHeaders, setTypedHeaders] = useState<string>();
  const { can } = useSession();
  const { test, sendTest, isSending, error } = useSendTest(agent.id);
  const headerText = typedHeaders ?? writeHeaders(withoutDelivery(payload.parsed?.headers ?? {}));
  const headers = readHeaders(headerText);
  const isReady = payload.parsed !== undefined && headers.ok;

  const submit = () => {
    if (!can('operator') || !isReady || isSending || payload.parsed === undefined) return;
    sendTest({ payload: payload.parsed.payload, headers: headers.headers, send });
  };
  // Before the editor gets it, to which it means a new line.
  const onKeyDownCapture = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    submit();
  };

  return (
    <Panel title="Try it">
      <Stack gap="sm" onKeyDownCapture={onKeyDownCapture}>
        <PayloadPicker
          payload={{
            ...payload,
            choose: (taskId) => {
              setTypedHeaders(undefined);
              payload.choose(taskId);
            },
          }}
        />
        <PayloadField
          payload={payload}
          height={170}
          error="This is not valid JSON."
          onType={(text) => {
            // What is typed comes from no task any more; its headers stay.
            setTypedHeaders(headerText);
            payload.type(text);
          }}
        />
        <Textarea
          label="Headers"
          description="One a line, as in x-github-event: issues"
          autosize
          minRows={1}
          maxRows={6}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          value={headerText}
          error={headers.ok ? undefined : headers.problem}
          onChange={({ currentTarget }) => setTypedHeaders(currentTarget.value)}
        />
        <div>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="How it is sent"
            data={MODES.map((value) => ({
              value,
              label: value,
              disabled: agent.signature === null && (value === 'signed' || value === 'tampered'),
            }))}
            value={send}
            onChange={setSend}
          />
          <Text size="xs" c="dimmed" mt={4}>
            {SENDS[send]}
            {agent.signature === null && ' To send it signed, choose who signs under “Verified by”.'}
          </Text>
        </div>
        <Group justify="flex-end" gap="sm">
          <Text size="xs" c="dimmed" visibleFrom="sm">
            <Kbd size="xs">Ctrl</Kbd> + <Kbd size="xs">Enter</Kbd>
          </Text>
          <NeedsRole role="operator">
            <Button
              leftSection={<IconSend size={16} aria-hidden />}
              loading={isSending}
              disabled={!isReady}
              onClick={submit}
            >
              Send test
            </Button>
          </NeedsRole>
        </Group>
        {error && <ErrorState error={error} />}
        {(test || isSending) && (
          <div className={classes.outcome}>
            {test ? <TestAnswer test={test} /> : <Skeleton h={ANSWER_HEIGHT} />}
            {test?.task_id && <LiveRun key={test.task_id} taskId={test.task_id} />}
          </div>
        )}
      </Stack>
    </Panel>
  );
}
